import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.InflaterInputStream;

/**
 * Writes the images of two jobs of this folder, as files in the format of MNIST. Java runs it from
 * its source:
 *
 * <pre>
 * java jobs/papers/PaperData.java curves data/curves
 * java jobs/papers/PaperData.java faces olivettifaces.mat data/faces
 * </pre>
 *
 * A number after the folder is how many images to write; 10,000 unless given.
 */
public final class PaperData {
  private static final int IMAGES = 10_000;

  private PaperData() {}

  /** One of the two commands above. */
  public static void main(String[] args) throws IOException {
    boolean curves = args.length > 0 && args[0].equals("curves");
    boolean faces = args.length > 0 && args[0].equals("faces");
    int given = curves ? 2 : 3;
    if (!(curves || faces) || args.length < given || args.length > given + 1) {
      System.err.println("usage: java PaperData.java curves FOLDER [IMAGES]");
      System.err.println("       java PaperData.java faces olivettifaces.mat FOLDER [IMAGES]");
      System.exit(2);
    }
    int count = args.length > given ? Integer.parseInt(args[given]) : IMAGES;
    Path folder = Path.of(args[given - 1]);
    Random random = new Random(1);
    if (curves) {
      write(folder, count, 28, () -> curve(random));
    } else {
      byte[] pixels = olivetti(Path.of(args[1]));
      write(folder, count, 25, () -> face(pixels, random));
    }
    System.out.println(count + " images in " + folder);
  }

  private interface Images {
    byte[] next();
  }

  /** The files train-images-idx3-ubyte and train-labels-idx1-ubyte; all labels are 0. */
  private static void write(Path folder, int count, int side, Images images) throws IOException {
    Files.createDirectories(folder);
    try (DataOutputStream out = open(folder.resolve("train-images-idx3-ubyte"))) {
      for (int number : new int[] {0x803, count, side, side}) {
        out.writeInt(number);
      }
      for (int i = 0; i < count; i++) {
        out.write(images.next());
      }
    }
    try (DataOutputStream out = open(folder.resolve("train-labels-idx1-ubyte"))) {
      out.writeInt(0x801);
      out.writeInt(count);
      out.write(new byte[count]);
    }
  }

  private static DataOutputStream open(Path file) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  /**
   * A parabola through three random points between 6 and 22, drawn with a soft pen. How the Curves of
   * Hinton and Salakhutdinov (2006) were drawn is not published; 18 principal components leave about
   * as much of these as they say of theirs.
   */
  private static byte[] curve(Random random) {
    double pen = 1.05;
    int points = 200;
    double[] at = random.doubles(6, 6, 22).toArray();
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      double t = i / (points - 1.0);
      double first = 2 * (t - 0.5) * (t - 1);
      double middle = -4 * t * (t - 1);
      double last = 2 * t * (t - 0.5);
      x[i] = first * at[0] + middle * at[1] + last * at[2];
      y[i] = first * at[3] + middle * at[4] + last * at[5];
    }
    byte[] image = new byte[28 * 28];
    for (int pixel = 0; pixel < image.length; pixel++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int i = 0; i < points; i++) {
        double dx = pixel % 28 - x[i];
        double dy = pixel / 28 - y[i];
        nearest = Math.min(nearest, dx * dx + dy * dy);
      }
      image[pixel] = (byte) Math.round(255 * Math.exp(-nearest / (2 * pen * pen)));
    }
    return image;
  }

  /**
   * One of the 400 faces, turned by up to 90 degrees, enlarged 1.4 to 1.8 times, cropped and
   * subsampled to 25 x 25 pixels, as Hinton and Salakhutdinov (2006) say that they made theirs.
   */
  private static byte[] face(byte[] pixels, Random random) {
    int start = random.nextInt(pixels.length / 4096) * 4096;
    double angle = Math.toRadians(random.nextDouble(-90, 90));
    double step = 64 / 25.0 / random.nextDouble(1.4, 1.8);
    byte[] image = new byte[25 * 25];
    for (int i = 0; i < image.length; i++) {
      double across = step * (i % 25 - 12);
      double down = step * (i / 25 - 12);
      double x = 31.5 + Math.cos(angle) * across - Math.sin(angle) * down;
      double y = 31.5 + Math.sin(angle) * across + Math.cos(angle) * down;
      image[i] = (byte) Math.round(between(pixels, start, x, y));
    }
    return image;
  }

  /** A face's brightness between its pixels, of which one column stands after the other. */
  private static double between(byte[] pixels, int start, double x, double y) {
    int left = (int) x;
    int top = (int) y;
    double right = x - left;
    double below = y - top;
    int at = start + 64 * left + top;
    return (1 - right) * ((1 - below) * (pixels[at] & 255) + below * (pixels[at + 1] & 255))
        + right * ((1 - below) * (pixels[at + 64] & 255) + below * (pixels[at + 65] & 255));
  }

  /** The matrix "faces" of a MATLAB 5 file: 4096 bytes for each of 400 faces. */
  private static byte[] olivetti(Path file) throws IOException {
    ByteBuffer elements = little(Files.readAllBytes(file)).position(128).slice();
    elements.order(ByteOrder.LITTLE_ENDIAN);
    while (elements.hasRemaining()) {
      Element element = Element.next(elements, false);
      if (element.type == 15) {
        byte[] packed = element.bytes;
        byte[] plain =
            new InflaterInputStream(new ByteArrayInputStream(packed)).readAllBytes();
        element = Element.next(little(plain), false);
      }
      ByteBuffer parts = little(element.bytes);
      Element.next(parts, true); // flags
      Element.next(parts, true); // dimensions
      String name = new String(Element.next(parts, true).bytes, StandardCharsets.US_ASCII);
      if (name.equals("faces")) {
        Element values = Element.next(parts, true);
        if (values.type != 2 || values.bytes.length % 4096 != 0) {
          throw new IOException(file + ": faces are no bytes of 64 x 64 pixels");
        }
        return values.bytes;
      }
    }
    throw new IOException(file + " has no matrix of the name faces");
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A data element: its type, its length and its bytes, which a short one has within its tag. */
  private record Element(int type, byte[] bytes) {
    static Element next(ByteBuffer from, boolean padded) {
      int type = from.getInt();
      if (type >>> 16 != 0) {
        byte[] bytes = new byte[type >>> 16];
        byte[] four = new byte[4];
        from.get(four);
        System.arraycopy(four, 0, bytes, 0, bytes.length);
        return new Element(type & 0xffff, bytes);
      }
      byte[] bytes = new byte[from.getInt()];
      from.get(bytes);
      if (padded) {
        from.position(Math.min(from.limit(), (from.position() + 7) / 8 * 8));
      }
      return new Element(type, bytes);
    }
  }
}
