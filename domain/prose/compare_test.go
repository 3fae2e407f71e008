package prose

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// side gathers one side of compared pairs.
func side(pairs []Pair, of func(Pair) *Block) string {
	var text Text
	for _, pair := range pairs {
		if block := of(pair); block != nil {
			text = append(text, *block)
		}
	}
	return text.String()
}

func letters(spans []Span, without Mark) string {
	var all strings.Builder
	for _, span := range spans {
		if span.Mark != without {
			all.WriteString(span.Text)
		}
	}
	return all.String()
}

func TestCompareLosesNothing(t *testing.T) {
	lines := []string{"Mở đầu của báo cáo", "- mục một", "  - mục con", "1. việc thứ nhất", "| a | b |", "**đậm** và thường", "Hồ sơ đúng hạn 12", "Hồ sơ đúng hạn 14", ""}
	random := rand.New(rand.NewPCG(1, 2))
	text := func() Text {
		var all []string
		for range random.IntN(14) {
			all = append(all, lines[random.IntN(len(lines))])
		}
		return Parse(strings.Join(all, "\n"))
	}
	for range 1000 {
		before, after := text(), text()
		pairs := Compare(before, after)
		if got := side(pairs, func(p Pair) *Block { return p.Before }); got != before.String() {
			t.Fatalf("before %q comes out as %q", before, got)
		}
		if got := side(pairs, func(p Pair) *Block { return p.After }); got != after.String() {
			t.Fatalf("after %q comes out as %q", after, got)
		}
		faced := Facing(pairs)
		if side(faced, func(p Pair) *Block { return p.Before }) != before.String() || side(faced, func(p Pair) *Block { return p.After }) != after.String() {
			t.Fatalf("facing loses of %q or %q", before, after)
		}
		for _, pair := range pairs {
			if pair.Before == nil || pair.After == nil {
				continue
			}
			spans := Spans(pair.Before.Runs, pair.After.Runs)
			if letters(spans, Added) != plain(pair.Before.Runs) || letters(spans, Dropped) != plain(pair.After.Runs) {
				t.Fatalf("%q to %q gives %+v", plain(pair.Before.Runs), plain(pair.After.Runs), spans)
			}
		}
		choose := func(choice Choice) string {
			return Merge(pairs, func(int) Choice { return choice }).String()
		}
		if choose(KeepBefore) != before.String() || choose(KeepAfter) != after.String() {
			t.Fatalf("keeping all of one side changes it: %q, %q", before, after)
		}
	}
}

func TestChangedParagraphStandsBesideItsOrigin(t *testing.T) {
	before := Parse("Giữ nguyên.\nSố hồ sơ trễ hạn là 144 hồ sơ.\nCuối.")
	after := Parse("Giữ nguyên.\nĐoạn mới chen vào đây.\nSố hồ sơ trễ hạn là 146 hồ sơ.\nCuối.")
	pairs := Compare(before, after)
	if len(pairs) != 4 || !pairs[0].Same || pairs[1].Before != nil || pairs[2].Before == nil || pairs[2].After == nil || !pairs[3].Same {
		t.Fatalf("pairs %+v", pairs)
	}
	spans := Spans(pairs[2].Before.Runs, pairs[2].After.Runs)
	if len(spans) != 4 || spans[1].Text != "144 " || spans[1].Mark != Dropped || spans[2].Text != "146 " || spans[2].Mark != Added {
		t.Errorf("spans %+v", spans)
	}
}

func TestLookAloneIsAChange(t *testing.T) {
	pairs := Compare(Parse("Có 12 hồ sơ trễ hạn."), Parse("Có **12 hồ sơ** trễ hạn."))
	if len(pairs) != 1 || pairs[0].Same {
		t.Fatalf("pairs %+v", pairs)
	}
	var restyled string
	for _, span := range Spans(pairs[0].Before.Runs, pairs[0].After.Runs) {
		switch span.Mark {
		case Restyled:
			restyled += span.Text
		case Added, Dropped:
			t.Errorf("span %+v: no letter was changed", span)
		}
	}
	if !strings.HasPrefix(restyled, "12 hồ sơ") {
		t.Errorf("restyled %q", restyled)
	}
}

func TestRowsOfTables(t *testing.T) {
	table := func(source string) [][]Cell { return Parse(source)[0].Rows }
	rows := Rows(table("| Chỉ tiêu | Số |\n| --- | --- |\n| Hồ sơ | 12 |\n| Thư | 3 |"),
		table("| Chỉ tiêu | Số |\n| --- | --- |\n| Hồ sơ | 14 |\n| Thư | 3 |\n| Đơn | 1 |"))
	if len(rows) != 4 || rows[3].Mark != Added || rows[1].Mark != Kept {
		t.Fatalf("rows %+v", rows)
	}
	if cell := rows[1].Cells[1]; len(cell) != 2 || cell[0].Text != "12" || cell[0].Mark != Dropped || cell[1].Text != "14" {
		t.Errorf("cell %+v", cell)
	}
	if narrower := Rows(table("| a | b |"), table("| a |")); len(narrower) != 2 || narrower[0].Mark != Dropped || narrower[1].Mark != Added {
		t.Errorf("another number of columns: %+v", narrower)
	}
}

func TestMergeOfBothKeepsEverybodysWords(t *testing.T) {
	pairs := Compare(Parse("chung\ncủa tôi ở đây\ncuối"), Parse("chung\ncủa họ ở đây\ncuối"))
	if got := Merge(pairs, func(int) Choice { return KeepBoth }).String(); got != "chung\ncủa họ ở đây\ncủa tôi ở đây\ncuối" {
		t.Errorf("merged %q", got)
	}
}

func TestFacingIsOneChoiceForOnePlace(t *testing.T) {
	pairs := Facing(Compare(Parse("chung\nhoàn toàn khác\ncuối"), Parse("chung\nmột câu mới viết\nthêm nữa\ncuối")))
	if len(pairs) != 4 || pairs[1].Before == nil || pairs[1].After == nil || pairs[2].Before != nil {
		t.Fatalf("pairs %+v", pairs)
	}
	if got := Merge(pairs, func(int) Choice { return KeepBoth }).String(); got != "chung\nmột câu mới viết\nhoàn toàn khác\nthêm nữa\ncuối" {
		t.Errorf("merged %q", got)
	}
}

func TestFingerprintIsOfWords(t *testing.T) {
	of := func(source string) string { return Parse(source)[0].Fingerprint() }
	same := of("Có 12 hồ sơ")
	for _, source := range []string{"Có  12 hồ sơ ", "**Có** 12 *hồ sơ*", "- Có 12 hồ sơ", "7. Có 12 hồ sơ"} {
		if of(source) != same {
			t.Errorf("%q is taken for other words", source)
		}
	}
	for _, source := range []string{"Có 13 hồ sơ", "| Có 12 hồ sơ |"} {
		if of(source) == same {
			t.Errorf("%q is taken for the same words", source)
		}
	}
}

func TestComparingLongTextsStaysCheap(t *testing.T) {
	for name, texts := range map[string][2]string{
		"one long paragraph": {strings.Repeat("một hai ", 12_000), strings.Repeat("ba bốn ", 12_000)},
		"many short lines":   {strings.Repeat("một\n", 25_000), strings.Repeat("hai\n", 25_000)},
		"likely paragraphs":  {strings.Repeat("một hai ba bốn năm sáu\n", 4_000), strings.Repeat("một hai ba bốn năm bảy\n", 4_000)},
	} {
		begun := time.Now()
		for _, pair := range Compare(Parse(texts[0]), Parse(texts[1])) {
			if pair.Before != nil && pair.After != nil {
				Spans(pair.Before.Runs, pair.After.Runs)
			}
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}
