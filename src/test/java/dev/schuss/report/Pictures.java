package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What holds for every picture. */
final class Pictures {
  private Pictures() {}

  static Document parsed(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  /** A picture is XML, its colours are the page's, and no number is missing. */
  static Document assertSound(String svg) throws Exception {
    Document picture = parsed(svg);
    NodeList all = picture.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element e = (Element) all.item(i);
      for (String colour : new String[] {"fill", "stroke"}) {
        assertThat(e.getAttribute(colour))
            .matches("|none|var\\(--(paper|ink|faint|grid|hole|c\\d|s\\d+)\\)");
      }
      assertThat(e.getAttribute("style")).doesNotContain("rgb", "#");
      for (int j = 0; j < e.getAttributes().getLength(); j++) {
        String name = e.getAttributes().item(j).getNodeName();
        if (!name.startsWith("aria")) {
          assertThat(e.getAttributes().item(j).getNodeValue()).doesNotContain("NaN", "Infinity");
        }
      }
    }
    return picture;
  }

  static int count(String svg, String piece) {
    return svg.split(Pattern.quote(piece), -1).length - 1;
  }
}
