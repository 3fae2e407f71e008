package web

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestWordSpansGiveBothTextsBack(t *testing.T) {
	vocabulary := []string{"hồ", "sơ", "trễ", "hạn", "12", "\n", "  ", "đúng"}
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var words []string
		for range random.IntN(30) {
			words = append(words, vocabulary[random.IntN(len(vocabulary))])
		}
		return strings.Join(words, " ")
	}
	for range 500 {
		before, after := text(), text()
		var old, now strings.Builder
		for _, span := range wordSpans(before, after) {
			if span.Mark != markAdded {
				old.WriteString(span.Text)
			}
			if span.Mark != markDropped {
				now.WriteString(span.Text)
			}
		}
		if old.String() != before || now.String() != after {
			t.Fatalf("%q -> %q gives %q -> %q", before, after, old.String(), now.String())
		}
		if merge(before, after, func(int) string { return "mine" }) != before {
			t.Fatalf("keeping all of mine changes %q", before)
		}
		if merge(before, after, func(int) string { return "theirs" }) != after {
			t.Fatalf("keeping all of theirs changes %q", after)
		}
	}
}

func TestWordSpansAreFew(t *testing.T) {
	spans := wordSpans("Đã giải quyết 12 hồ sơ đúng hạn.", "Đã giải quyết 14 hồ sơ đúng hạn.")
	if len(spans) != 4 || spans[1].Text != "12 " || spans[1].Mark != markDropped || spans[2].Text != "14 " || spans[2].Mark != markAdded {
		t.Errorf("spans %+v", spans)
	}
}

func TestParagraphsAreAddedWhole(t *testing.T) {
	spans := wordSpans("Đã họp giao ban.", "Đã họp giao ban.\n\nĐã kiểm tra.")
	if len(spans) != 2 || spans[0].Mark != "" || spans[1].Mark != markAdded ||
		spans[1].Breaks() != "\n\n" || spans[1].Words() != "Đã kiểm tra." {
		t.Errorf("spans %+v", spans)
	}
}

func TestMergeOfBothKeepsEverybodysWords(t *testing.T) {
	got := merge("chung\ncủa tôi\ncuối", "chung\ncủa họ\ncuối", func(int) string { return "both" })
	if got != "chung\ncủa họ\ncủa tôi\ncuối" {
		t.Errorf("merged %q", got)
	}
	blocks := conflictBlocks("chung\ncủa tôi\ncuối", "chung\ncủa họ\ncuối")
	if len(blocks) != 3 || blocks[0].Same != "chung" || blocks[1].Mine[1].Text != "tôi" || blocks[1].Theirs[1].Text != "họ" {
		t.Errorf("blocks %+v", blocks)
	}
}

func TestVeryLongTextsStayCheap(t *testing.T) {
	before, after := strings.Repeat("một hai ", 20_000), strings.Repeat("ba bốn ", 20_000)
	if spans := wordSpans(before, after); len(spans) != 2 {
		t.Errorf("%d spans, want the whole text twice", len(spans))
	}
}
