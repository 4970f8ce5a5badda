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

    // A family of three, a flag, a heart in its coloured and its plain form, Jamo of one syllable.
    assertThat(Printable.width("👨‍👩‍👧")).isEqualTo(2);
    assertThat(Printable.width("🇯🇵")).isEqualTo(2);
    assertThat(Printable.width("❤️")).isEqualTo(2);
    assertThat(Printable.width("❤")).isEqualTo(1);
    assertThat(Printable.width("\u1112\u1161\u11ab")).isEqualTo(2);
    assertThat(Printable.width("क्षि 𠮷")).isEqualTo(3 + 1 + 2);
    assertThat(Printable.width("\u200b")).isZero();

    TextTable table = new TextTable("domain", "n").row("中文", 1).row("english", 22);
    assertThat(table.lines()).containsExactly("domain    n", "中文      1", "english  22");
  }

  @Test
  void aCellIsOneLineAndSteersNoTerminal() {
    TextTable table = new TextTable("message").row("a\n b\u001b[31mc\u0000");

    assertThat(table.lines().getLast()).isEqualTo("a b\\u001b[31mc\\u0000");
    assertThat(Printable.line("a\u202eb\ud800")).isEqualTo("a\\u202eb\\ud800");
  }

  @Test
  void aNarrowPlaceGetsBlocksThatRepeatTheNames() {
    TextTable table =
        new TextTable("task", "filter", "value", "stderr", "documents")
            .row("qs_compare", "none", "0.8000", "0.2000", "5")
            .painted(Paint.BAD, "中文", "none", "1.0000", "-", "5");

    assertThat(table.lines(new Layout(34, false)))
        .containsExactly(
            "task        filter   value  stderr",
            "qs_compare  none    0.8000  0.2000",
            "中文        none    1.0000       -",
            "",
            "task        filter  documents",
            "qs_compare  none            5",
            "中文        none            5");
    assertThat(table.lines(new Layout(10, false))).hasSize(4 * 3 + 3);
    assertThat(table.lines(new Layout(200, false))).isEqualTo(table.lines());
    assertThat(table.lines(new Layout(0, true)).getLast()).startsWith("\u001b[").endsWith("m");
  }

  @Test
  void longNamesAreCutInTheMiddleWhereThereIsNoRoom() {
    TextTable table =
        new TextTable("task", "value", "stderr")
            .row("a very long name of a task 106", "0.8000", "0.2000")
            .row("閱讀理解評測任務第一百零六號閱讀", "1.0000", "-");

    assertThat(table.lines(new Layout(36, false)))
        .containsExactly(
            "task           value  stderr",
            "a very l…106  0.8000  0.2000",
            "閱讀理解…讀   1.0000       -");
    assertThat(table.lines().get(1)).startsWith("a very long name of a task 106");
    assertThat(Printable.shortened("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 5)).isEqualTo("👨‍👩‍👧…");
  }

  @Test
  void termsAreFoldedBetweenWords() {
    TextTable terms = new TextTable("", "").row("rope", "theta 10000, YaRN factor 40").row("b", "");

    assertThat(terms.lines(new Layout(20, false)))
        .containsExactly("rope  theta 10000,", "      YaRN factor 40", "b");
    assertThat(terms.lines()).containsExactly("rope  theta 10000, YaRN factor 40", "b");

    TextTable findings = new TextTable("", "", "").row("ok", "memory", "5.2 GiB of Java heap");
    assertThat(findings.lines(new Layout(24, false)))
        .containsExactly("ok  memory  5.2 GiB of", "            Java heap");
  }

  @Test
  void whatIsLargeIsShownInPowersOfTen() {
    assertThat(Numbers.decimal(28854428157536117e9)).isEqualTo("2.8854e+25");
    assertThat(Numbers.decimal(12.34567)).isEqualTo("12.3457");
    assertThat(Numbers.decimal(Double.NaN)).isEqualTo("-");
  }
}
