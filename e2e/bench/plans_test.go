package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lib/pq"

	"cchc/e2e/stack"
)

const heaviest = 10

// planned is a statement of a page with how PostgreSQL carries it out.
type planned struct {
	page, text, plan string
	took             float64 // milliseconds, alone
}

var (
	planTook  = regexp.MustCompile(`Execution Time: ([0-9.]+) ms`)
	planReads = regexp.MustCompile(`Seq Scan on (documents|decisions|handled|history|tasks|notices|mails|revisions|draft_sections|draft_figures|document_numbers|signing_attempts|search_texts|files|plan_tasks|task_tallies|plan_leads|task_entries)\b`)
)

// explain asks for the plan, one for all arguments, as the programs have it.
func (r *bareReader) explain(s recorded) (planned, error) {
	p := planned{text: s.text}
	ctx := context.Background()
	if _, err := r.conn.ExecContext(ctx, `deallocate all`); err != nil {
		return p, err
	}
	clear(r.kept) // they are gone with it
	if _, err := r.conn.ExecContext(ctx, `prepare looked as `+s.text); err != nil {
		return p, err
	}
	var values []string
	for _, arg := range s.args {
		if arg == nil {
			values = append(values, "null")
			continue
		}
		values = append(values, pq.QuoteLiteral(fmt.Sprint(arg)))
	}
	execute := `explain (analyze, buffers, costs off) execute looked`
	if len(values) > 0 {
		execute += `(` + strings.Join(values, ", ") + `)`
	}
	rows, err := r.conn.QueryContext(ctx, execute)
	if err != nil {
		return p, err
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return p, err
		}
		plan.WriteString(line + "\n")
	}
	p.plan = plan.String()
	if found := planTook.FindStringSubmatch(p.plan); found != nil {
		_, _ = fmt.Sscan(found[1], &p.took)
	}
	return p, rows.Err()
}

// explainPages writes the plans of the heaviest statements of all pages to
// out/queries.md, and tells of each that reads a growing table through.
func (t *town) explainPages(b *testing.B, pages map[string][]recorded) {
	b.Helper()
	reader := t.bareReaders(b, 1)[0]
	known := map[string]planned{}
	for page, statements := range pages {
		for _, s := range statements {
			p, err := reader.explain(s)
			if err != nil {
				b.Logf("no plan: %v\n%s", err, s.text)
				continue
			}
			p.page = page
			if p.took > known[s.text].took {
				known[s.text] = p
			}
		}
	}
	var all []planned
	for _, p := range known {
		if found := planReads.FindString(p.plan); found != "" {
			b.Logf("%s: %s\n%s\n%s", p.page, found, p.text, p.plan)
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(x, y planned) int { return cmp.Compare(y.took, x.took) })
	var out strings.Builder
	for i, p := range all[:min(heaviest, len(all))] {
		_, _ = fmt.Fprintf(&out, "## %d. %s: %.1f ms\n\n```sql\n%s\n```\n\n```\n%s```\n\n", i+1, p.page, p.took, undented(p.text), p.plan)
	}
	dir := filepath.Join(stack.Root(), "out")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Log(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "queries.md"), []byte(out.String()), 0o644); err != nil {
		b.Log(err)
	}
}

// undented takes away the indentation that a statement has in the code.
func undented(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
