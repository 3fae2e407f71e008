package storage_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// finds lists the documents that an actor finds.
func (d *desk) finds(actor staff.Actor, text string) []string {
	d.t.Helper()
	found, err := d.db.Store.Search(context.Background(), actor, storage.SearchQuery{Text: text})
	if err != nil {
		d.t.Fatalf("%q: %v", text, err)
	}
	var ids []string
	for _, hit := range found.Hits {
		ids = append(ids, hit.Document)
	}
	if found.Total != len(ids) {
		d.t.Errorf("%q: total %d, hits %d", text, found.Total, len(ids))
	}
	return ids
}

func (d *desk) write(section, text string) {
	d.t.Helper()
	d.exec(`update draft_sections set body = $3 where document_id = $1 and section = $2`, d.id, section, text)
}

// TestSearchShowsNobodyMoreThanTheirPages follows one text through the chain: as
// a draft nobody finds it, frozen the unit's own people do, signed everybody who
// reads the document.
func TestSearchShowsNobodyMoreThanTheirPages(t *testing.T) {
	d := newDesk(t)
	author, officer, clerk := d.people[staff.Specialist], d.people[staff.Officer], d.people[staff.Clerk]
	stranger := d.person("stranger", staff.Specialist, "SYT")
	viewer := d.person("viewer", staff.Viewer, "STC") // whose desk happens to be at the unit
	admin, operator := d.person("admin", staff.AccountAdmin, "SNV"), d.person("operator", staff.SystemAdmin, "SNV")
	everybody := map[string]staff.Actor{
		"author": author, "head": d.people[staff.DivisionHead], "director": d.people[staff.Director], "clerk": clerk,
		"officer": officer, "authority head": d.people[staff.AuthorityHead],
		"stranger": stranger, "viewer": viewer, "admin": admin, "operator": operator,
	}
	own := []string{"author", "head", "director", "clerk"}
	readers := append(slices.Clone(own), "officer", "authority head", "viewer")
	check := func(when, text string, who ...string) {
		t.Helper()
		for name, actor := range everybody {
			want := slices.Contains(who, name)
			if got := slices.Contains(d.finds(actor, text), d.id); got != want {
				t.Errorf("%s: %s finds %q: %v, want %v", when, name, text, got, want)
			}
		}
	}
	d.write("I", "Kế hoạch thảo luận chưa công bố")
	check("a draft", "thảo luận")
	check("a draft", "Sở Tài chính quý IV", readers...)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	check("frozen", "thảo luận", own...)
	check("frozen", "Sở Tài chính", readers...)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	check("not yet signed", "thảo luận", own...)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	check("signed", "thảo luận", readers...)
	check("signed", "1/BC-STC", readers...)
	d.must(staff.Officer, document.Return, document.Drafting)
	d.write("I", "Kế hoạch đã được bổ khuyết")
	check("returned", "thảo luận", readers...)
	check("returned", "bổ khuyết")
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	check("frozen again, the new text", "bổ khuyết", own...)
	check("frozen again, the old text", "thảo luận", "officer", "authority head", "viewer")
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	check("signed again", "bổ khuyết", readers...)
	check("signed again, the old text", "thảo luận")
	check("signed again, its first number", "1/BC-STC", readers...)
	check("signed again, its second number", "2/BC-STC", readers...)
}

func TestSearchWords(t *testing.T) {
	d := newDesk(t)
	d.write("I", "Uỷ ban **nhân dân** đã *hoà* giải 37 vụ; thủ tục hành chính được rà soát.\n\n| Tên | Số |\n|---|---|\n| Bàn giao | 12 |")
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	author := d.people[staff.Specialist]
	for text, want := range map[string]bool{
		"nhân dân": true, "nhan dan": true, "NHÂN DÂN": true, "nhân dan": true,
		"ủy ban": true, "uỷ ban": true, "uy ban": true, "hòa giải": true, "hoà giải": true,
		"rà soát thủ tục": true,                          // in any order
		"thủ tục hành ch": true, "thu tuc hanh ch": true, // the last word is only begun
		"thủ tục hành ch ": false, // it is not: a space follows
		"th tục":           false, // only the last word may be begun
		"37 vụ":            true, "bàn giao": true, "ban giao": true,
		"Sở Tài chính": true, "so tai chinh": true, "STC": true, "stc": true, "quý iv": true, "bc-2026q4": false,
		"rà soát 99": false, "%": false, "' | 'ban": true, "!ban & (": true, `\`: false, "": false, "  ": false, "…": false,
		strings.Repeat("nhân ", 400): true, strings.Repeat("x", 5000): false,
	} {
		if got := slices.Contains(d.finds(author, text), d.id); got != want {
			t.Errorf("%.40q is found: %v, want %v", text, got, want)
		}
	}
	ctx := context.Background()
	for text, folded := range map[string]bool{"nhân dân": false, "nhan dan": false, "nhân dàn": true, "bản giạo": true} {
		found, err := d.db.Store.Search(ctx, author, storage.SearchQuery{Text: text})
		if err != nil || found.Folded != folded || found.Total != 1 {
			t.Errorf("%q: %+v, %v, want it told: %v", text, found, err, folded)
		}
	}
	for _, q := range []storage.SearchQuery{
		{Text: "nhân dân", Year: 2025}, {Text: "nhân dân", Kind: document.Index}, {Text: "nhân dân", Page: 2},
	} {
		if found, err := d.db.Store.Search(ctx, author, q); err != nil || len(found.Hits) != 0 {
			t.Errorf("%+v: %+v, %v", q, found, err)
		}
	}
	if found, err := d.db.Store.Search(ctx, author, storage.SearchQuery{Text: "nhân dân", Year: 2026, Kind: document.Report}); err != nil || len(found.Hits) != 1 {
		t.Errorf("year and kind: %+v, %v", found, err)
	}
	for status, n := range map[document.Status]int{document.InDivisionReview: 1, document.InSigning: 0} {
		if found, err := d.db.Store.Search(ctx, author, storage.SearchQuery{Text: "nhân dân", Status: status}); err != nil || len(found.Hits) != n || found.Total != n {
			t.Errorf("%s: %+v, %v", status, found, err)
		}
	}
}

func TestSearchNumbers(t *testing.T) {
	d := newDesk(t)
	d.write("I", "Có 1 vụ việc, 12 hồ sơ")
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	officer := d.people[staff.Officer]
	if got := d.finds(officer, "1"); got != nil {
		t.Errorf("found by a number before there is one: %v", got)
	}
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	for text, want := range map[string]bool{
		"1": true, "01": true, "số 01/BC-STC": true, "1/bc-stc": true, "1 / BC": true, "12": false, "2/BC-STC": false, "1/BC-SYT": false,
	} {
		if got := slices.Contains(d.finds(officer, text), d.id); got != want {
			t.Errorf("%q is found: %v, want %v", text, got, want)
		}
	}
	found, err := d.db.Store.Search(context.Background(), officer, storage.SearchQuery{Text: "12", InText: true})
	if err != nil || found.ByNumber || len(found.Hits) != 1 || found.Hits[0].Number != "01/BC-STC" {
		t.Errorf("12 as a word: %+v, %v", found, err)
	}
}

func TestSnippet(t *testing.T) {
	text := strings.Repeat("mở đầu dài ", 20) + "Sở đã rà   soát\n<b>thủ tục</b> & công bố. " + strings.Repeat("phần cuối ", 40)
	marker := storage.NewMarker(storage.ParseTerms("ra soat thủ tu", false))
	var plain, marked []string
	for _, piece := range marker.Snippet(storage.Passages(map[string]string{"I": "Không có gì", "II": text})) {
		plain = append(plain, piece.Text)
		if piece.Marked {
			marked = append(marked, piece.Text)
		}
	}
	shown := strings.Join(plain, "")
	if strings.Join(marked, "|") != "rà|soát|thủ|tục" || !strings.Contains(shown, "rà soát <b>thủ tục</b> & công bố.") {
		t.Errorf("marked %q in %q", marked, shown)
	}
	if !strings.HasPrefix(shown, "… ") || !strings.HasSuffix(shown, " …") || len([]rune(shown)) > 300 {
		t.Errorf("not shortened: %q", shown)
	}
	if marker.Snippet(storage.Passages(map[string]string{"I": "Không có gì"})) != nil {
		t.Error("a snippet of nothing")
	}
	for _, piece := range storage.NewMarker(storage.ParseTerms("tai chinh", false)).Mark("Sở Tài chính") {
		if piece.Marked != (strings.TrimSpace(piece.Text) != "Sở" && strings.TrimSpace(piece.Text) != "") {
			t.Errorf("%+v", piece)
		}
	}
}

// TestReindexMakesTheSame empties the index and has it made anew from the rows.
func TestReindexMakesTheSame(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.must(staff.Officer, document.Return, document.Drafting)
	d.write("I", "Bản mới")
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	const all = `select string_agg(document_id || own || unit_code || quarter || revision || words::text, E'\n' order by document_id, own) from search_texts`
	index := func() (text string) {
		t.Helper()
		if err := d.db.Owner.QueryRow(all).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := index()
	if n, err := storage.Reindex(ctx, d.db.Owner); n != 0 || err != nil {
		t.Errorf("%d documents made anew, %v, where nothing is missing", n, err)
	}
	d.exec(`delete from search_texts`)
	if n, err := storage.Reindex(ctx, d.db.Owner); n != 2 || err != nil {
		t.Errorf("%d documents, %v", n, err)
	}
	if after := index(); after != before {
		t.Errorf("made anew it differs:\n%s\n\n%s", before, after)
	}
	if strings.Count(before, "\n") != 2 {
		t.Errorf("rows: %s", before)
	}
}
