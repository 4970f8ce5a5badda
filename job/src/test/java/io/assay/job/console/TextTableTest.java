package io.assay.job.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Columns as a terminal shows them. */
class TextTableTest {
  @Test
  void numbersStandRightUnderEachOtherAndTextLeft() {
    TextTable table = new TextTable("task", "value");
    table.row("long name", "1.5000").row("x", "-");

    assertThat(table.lines())
        .containsExactly("task        value", "long name  1.5000", "x               -");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    assertThat(Printable.width("abc")).isEqualTo(3);
    assertThat(Printable.width("中文、ひらがな")).isEqualTo(14);
    assertThat(Printable.width("한글Ａ")).isEqualTo(6);
    assertThat(Printable.width("ｶﾅ")).isEqualTo(2);
    assertThat(Printable.width("e\u0301")).isEqualTo(1);
    assertThat(Printable.width("🦊")).isEqualTo(2);
    assertThat(Printable.width("± Ω б")).isEqualTo(5);

    TextTable table = new TextTable("domain", "n").row("中文", 1).row("english", 22);
    assertThat(table.lines()).containsExactly("domain    n", "中文      1", "english  22");
  }

  @Test
  void aCellIsOneLineAndSteersNoTerminal() {
    TextTable table = new TextTable("message").row("a\n b\u001b[31mc\u0000");

    assertThat(table.lines().getLast()).isEqualTo("a b\\u001b[31mc\\u0000");
  }

  @Test
  void whatIsLargeIsShownInPowersOfTen() {
    assertThat(Numbers.decimal(28854428157536117e9)).isEqualTo("2.8854e+25");
    assertThat(Numbers.decimal(12.34567)).isEqualTo("12.3457");
    assertThat(Numbers.decimal(Double.NaN)).isEqualTo("-");
  }
}
