package dev.sampan.apps.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HtmlTest {

  @Test
  void textsAreEscapedAndMarkupIsNot() {
    Html inner = Html.of("<b title=\"{}\">{}</b>", "\"'", "<script>&");
    assertThat(inner.text()).isEqualTo("<b title=\"&quot;&#39;\">&lt;script&gt;&amp;</b>");
    assertThat(Html.of("<p>{}{}</p>", inner, 5).text()).isEqualTo("<p>" + inner.text() + "5</p>");
    assertThat(Stream.of("<", ">").map(text -> Html.of("{}", text)).collect(Html.joined()).text())
        .isEqualTo("&lt;&gt;");
  }

  @Test
  void valuesAreNotTakenForPlaces() {
    assertThat(Html.of("{}-{}", "{}", "x").text()).isEqualTo("{}-x");
  }

  @Test
  void valuesMustFitTheTemplate() {
    assertThatThrownBy(() -> Html.of("{}")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Html.of("", 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
