package dev.sampan.apps.page;

import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * Markup. Texts can only come into it escaped.
 *
 * @param text the markup itself
 */
public record Html(String text) {

  /** Nothing. */
  public static final Html NONE = new Html("");

  private static final String PLACE = "{}";

  /**
   * Markup with values in it.
   *
   * @param template the markup, with <code>{}</code> for each value
   * @param values markup, which is taken as it is, or anything else, whose text is escaped
   */
  public static Html of(String template, Object... values) {
    StringBuilder text = new StringBuilder(template.length() + 16 * values.length);
    int from = 0;
    for (Object value : values) {
      int place = template.indexOf(PLACE, from);
      if (place < 0) {
        throw new IllegalArgumentException("too many values for " + template);
      }
      text.append(template, from, place);
      if (value instanceof Html markup) {
        text.append(markup.text);
      } else {
        escape(String.valueOf(value), text);
      }
      from = place + PLACE.length();
    }
    if (template.indexOf(PLACE, from) >= 0) {
      throw new IllegalArgumentException("too few values for " + template);
    }
    return new Html(text.append(template, from, template.length()).toString());
  }

  private static void escape(String value, StringBuilder text) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append("&quot;");
        case '\'' -> text.append("&#39;");
        default -> text.append(c);
      }
    }
  }

  /** Puts markup together. */
  public static Collector<Html, ?, Html> joined() {
    return Collectors.collectingAndThen(
        Collectors.mapping(Html::text, Collectors.joining()), Html::new);
  }

  /** This, or nothing. */
  public Html when(boolean wanted) {
    return wanted ? this : NONE;
  }
}
