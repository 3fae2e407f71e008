package templates_test

import (
	"strings"
	"testing"
	"time"

	"cchc/domain/outage"
	"cchc/templates"
)

// What comes by itself is said of an outage alone: a risk has no mark, and its notice is
// drafted at once. An end that has already counted is not said to come.
func TestOutageNextNote(t *testing.T) {
	now := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
	later, before := now.Add(time.Hour), now.Add(-time.Minute)
	for _, row := range []struct {
		why           string
		kind          outage.Kind
		mark, settles *time.Time
		want          string // "": nothing
	}{
		{"the mark is ahead", outage.Stopped, &later, nil, "Phải thông báo lúc 21:00 ngày 23/11/2026 nếu phần mềm còn ngừng."},
		{"the mark has passed", outage.Stopped, &before, nil, ""},
		{"announced maintenance without an end", outage.Stopped, nil, nil, "Chưa phải thông báo."},
		{"a risk that is declared", outage.AtRisk, &later, nil, ""},
		{"its end does not count yet", outage.Stopped, &before, &later, "sự cố kết thúc lúc 21:00 ngày 23/11/2026."},
		{"its end counts, units are told of it", outage.Stopped, &before, &before, "thông báo tiếp là đã hoạt động trở lại."},
		{"the risk has passed", outage.AtRisk, nil, &before, "Nguy cơ đã hết."},
	} {
		note := templates.OutageNextNote(row.kind, row.mark, row.settles, now)
		switch {
		case note == nil && row.want != "":
			t.Errorf("%s: nothing is said", row.why)
		case note != nil && (row.want == "" || !strings.Contains(note.Bold+" "+note.Text, row.want)):
			t.Errorf("%s: %q, want %q", row.why, note.Bold+" "+note.Text, row.want)
		}
	}
}
