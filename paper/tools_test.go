package paper

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run calls an independent reader of PDF. A missing one fails the test: what
// we write is only worth what others read in it.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: install the packages poppler-utils and qpdf", err)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// saved writes a print where the readers find it.
func saved(t testing.TB, p Print) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, p.PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// textOf is the text of every page, spaces and line ends folded.
func textOf(t testing.TB, p Print) []string {
	t.Helper()
	var pages []string
	for _, lines := range linesOf(t, p) {
		pages = append(pages, strings.Join(lines, " "))
	}
	return pages
}

// linesOf is the text of every page, line by line.
func linesOf(t testing.TB, p Print) [][]string {
	t.Helper()
	var pages [][]string
	out := run(t, "pdftotext", "-layout", saved(t, p), "-")
	for page := range strings.SplitSeq(strings.TrimSuffix(out, "\f"), "\f") {
		var lines []string
		for line := range strings.SplitSeq(page, "\n") {
			if fields := strings.Fields(line); len(fields) > 0 {
				lines = append(lines, strings.Join(fields, " "))
			}
		}
		pages = append(pages, lines)
	}
	return pages
}

// box is a word as poppler sees it on the page, in points from the upper left.
type box struct {
	Left   float64 `xml:"xMin,attr"`
	Top    float64 `xml:"yMin,attr"`
	Right  float64 `xml:"xMax,attr"`
	Bottom float64 `xml:"yMax,attr"`
	Text   string  `xml:",chardata"`
}

// boxes are the words of every page.
func boxes(t testing.TB, p Print) [][]box {
	t.Helper()
	var doc struct {
		Pages []struct {
			Words []box `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal([]byte(run(t, "pdftotext", "-bbox", saved(t, p), "-")), &doc); err != nil {
		t.Fatal(err)
	}
	var pages [][]box
	for _, page := range doc.Pages {
		pages = append(pages, page.Words)
	}
	return pages
}

// find is the first word with this text on a page.
func find(t testing.TB, page []box, text string) box {
	t.Helper()
	for _, one := range page {
		if one.Text == text {
			return one
		}
	}
	t.Fatalf("no word %q on the page", text)
	return box{}
}
