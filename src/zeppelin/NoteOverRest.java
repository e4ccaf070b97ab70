import dev.schuss.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Imports a note into a Zeppelin that runs, and runs its paragraphs one after the other over the
 * REST API. Prints a line for each: its status and the types of its results. What is drawn while a
 * paragraph runs goes to browsers alone, which the REST API does not tell of.
 */
final class NoteOverRest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final HttpClient client = HttpClient.newHttpClient();
  private final String api;

  private NoteOverRest(String server) {
    api = server + "/api/";
  }

  private Map<String, Object> call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + path))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(
          "%s %s: %d %s".formatted(method, path, response.statusCode(), response.body()));
    }
    return Json.parseObject(response.body(), path);
  }

  private void waitForServer() throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        Object version = Json.block(call("GET", "version", null).get("body")).get("version");
        System.out.println("Zeppelin " + version);
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
        Thread.sleep(500);
      }
    }
  }

  private boolean run(String file) throws Exception {
    String note =
        (String) call("POST", "notebook/import", Files.readString(Path.of(file))).get("body");
    List<?> paragraphs =
        (List<?>) Json.block(call("GET", "notebook/" + note, null).get("body")).get("paragraphs");
    int number = 0;
    for (Object one : paragraphs) {
      Map<String, Object> paragraph = Json.block(one);
      number++;
      if (String.valueOf(paragraph.get("text")).startsWith("%md")) {
        System.out.printf("paragraph %d: text%n", number);
        continue;
      }
      if (!run(note, String.valueOf(paragraph.get("id")), number)) {
        return false;
      }
    }
    return true;
  }

  private boolean run(String note, String id, int number) throws Exception {
    long start = System.nanoTime();
    call("POST", "notebook/job/" + note + "/" + id, "");
    Map<String, Object> now;
    do {
      Thread.sleep(200);
      now = Json.block(call("GET", "notebook/" + note + "/paragraph/" + id, null).get("body"));
    } while (List.of("READY", "PENDING", "RUNNING").contains(String.valueOf(now.get("status"))));
    List<String> types = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    if (Json.block(now.get("results")).get("msg") instanceof List<?> messages) {
      for (Object message : messages) {
        Map<String, Object> block = Json.block(message);
        if (!String.valueOf(block.get("data")).isBlank()) {
          types.add(String.valueOf(block.get("type")));
          text.append(block.get("data"));
        }
      }
    }
    System.out.printf(
        "paragraph %d: %s %s in %.1f s  (%s)%n",
        number,
        now.get("status"),
        String.join(",", types),
        (System.nanoTime() - start) / 1e9,
        now.get("title"));
    boolean well = "FINISHED".equals(now.get("status"));
    if (!well) {
      System.out.println(text);
    }
    return well;
  }

  public static void main(String[] args) throws Exception {
    NoteOverRest rest = new NoteOverRest(args[0]);
    rest.waitForServer();
    System.exit(rest.run(args[1]) ? 0 : 1);
  }
}
