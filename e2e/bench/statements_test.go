package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cchc/e2e/stack"
)

// statistics has PostgreSQL count what each statement costs, so that the
// heaviest are found and not guessed.
const statistics = "shared_preload_libraries=pg_stat_statements"

const mostStatements = 15

func (t *town) forgetStatements(b *testing.B) {
	b.Helper()
	t.exec(b, `create extension if not exists pg_stat_statements`)
	t.exec(b, `select pg_stat_statements_reset()`)
}

// keepStatements writes the statements of the programs that took most time in
// this part to out/statements-<part>.txt.
func (t *town) keepStatements(b *testing.B, part string) {
	b.Helper()
	rows, err := t.Owner.Query(`
		select round(total_exec_time), calls, mean_exec_time, rows / calls, query from pg_stat_statements s
		join pg_roles r on r.oid = s.userid join pg_database d on d.oid = s.dbid
		where r.rolname = 'cchc_app' and d.datname = 'cchc' order by total_exec_time desc limit $1`, mostStatements)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out strings.Builder
	for rows.Next() {
		var total, mean float64
		var calls, each int64
		var query string
		if err := rows.Scan(&total, &calls, &mean, &each, &query); err != nil {
			b.Fatal(err)
		}
		_, _ = fmt.Fprintf(&out, "-- %.0f ms in %d calls, %.3f ms and %d rows each\n%s\n\n", total, calls, mean, each, query)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	dir := filepath.Join(stack.Root(), "out")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "statements-"+part+".txt"), []byte(out.String()), 0o644); err != nil {
		b.Fatal(err)
	}
}
