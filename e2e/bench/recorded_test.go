package bench

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// recorded is one statement that a page ran, with the values it ran with; nil
// is NULL. Values are in PostgreSQL's own text form.
type recorded struct {
	text string
	args []any
}

// record asks PostgreSQL's own log which statements the server runs while f is
// done: nothing in the programs is changed for it. Only what reads is kept, so
// that it may be run again as often as one likes; with the writes (the session's
// own row) left out, the floor is lower, not higher.
func (t *town) record(b *testing.B, f func() error) []recorded {
	b.Helper()
	t.logging(b, `'all'`, `'%d %p '`)
	defer t.logging(b, `default`, `default`)
	log := filepath.Join(t.Dir, "postgres", "postgres.log")
	before, err := os.ReadFile(log)
	if err != nil {
		b.Fatal(err)
	}
	if err := f(); err != nil {
		b.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // the log is written by other processes
	after, err := os.ReadFile(log)
	if err != nil {
		b.Fatal(err)
	}
	return parseLog(string(bytes.TrimPrefix(after, before)))
}

// logging turns the log of statements on or off in every session that runs.
func (t *town) logging(b *testing.B, statements, prefix string) {
	b.Helper()
	t.exec(b, `alter system set log_statement = `+statements)
	t.exec(b, `alter system set log_line_prefix = `+prefix)
	t.exec(b, `select pg_reload_conf()`)
	time.Sleep(200 * time.Millisecond) // each session notices before its next statement
}

var (
	logLine   = regexp.MustCompile(`(?m)^(\S+) (\d+) ([A-Z]+):  `)
	logValue  = regexp.MustCompile(`\$\d+ = (NULL|'(?:[^']|'')*')(?:, )?`)
	readsOnly = regexp.MustCompile(`(?i)^\s*(select|with)\b`)
	writes    = regexp.MustCompile(`(?i)\b(insert into|update \w+ (\w+ )?set|delete from|for (no key )?update|pg_notify)\b`)
)

// parseLog reads the statements of the database cchc in their order.
func parseLog(log string) []recorded {
	log = strings.ReplaceAll(log, "\n\t", "\n") // how the log goes on in the next line
	marks := logLine.FindAllStringSubmatchIndex(log, -1)
	var out []recorded
	var last *recorded
	for i, mark := range marks {
		end := len(log)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		database, level, text := log[mark[2]:mark[3]], log[mark[6]:mark[7]], strings.TrimSuffix(log[mark[1]:end], "\n")
		if database != "cchc" {
			continue
		}
		switch {
		case level == "LOG":
			last = nil
			how, statement, found := strings.Cut(text, ": ")
			if !found || !strings.HasPrefix(how, "execute") && how != "statement" || !readsOnly.MatchString(statement) || writes.MatchString(statement) ||
				strings.Contains(statement, "pg_reload_conf") {
				continue
			}
			out = append(out, recorded{text: statement})
			last = &out[len(out)-1]
		case level == "DETAIL" && last != nil:
			for _, value := range logValue.FindAllStringSubmatch(text, -1) {
				if value[1] == "NULL" {
					last.args = append(last.args, nil)
					continue
				}
				last.args = append(last.args, strings.ReplaceAll(value[1][1:len(value[1])-1], "''", "'"))
			}
			last = nil
		}
	}
	return out
}

// bareReader runs recorded statements on a connection of its own, each prepared
// once and planned as the programs have it, and drops what comes back.
type bareReader struct {
	conn *sql.Conn
	kept map[string]*sql.Stmt
}

func (t *town) bareReaders(b *testing.B, n int) []*bareReader {
	b.Helper()
	address, err := url.Parse(t.Cluster.RoleURL("cchc_app", "cchc"))
	if err != nil {
		b.Fatal(err)
	}
	query := address.Query()
	query.Set("plan_cache_mode", "force_generic_plan")
	query.Set("jit", "off")
	address.RawQuery = query.Encode()
	db, err := sql.Open("postgres", address.String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	readers := make([]*bareReader, n)
	for i := range readers {
		conn, err := db.Conn(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		readers[i] = &bareReader{conn: conn, kept: map[string]*sql.Stmt{}}
	}
	return readers
}

func (r *bareReader) run(statements []recorded) error {
	for _, one := range statements {
		if err := r.one(one); err != nil {
			return fmt.Errorf("%w\n%s\n%v", err, one.text, one.args)
		}
	}
	return nil
}

func (r *bareReader) one(s recorded) error {
	stmt := r.kept[s.text]
	if stmt == nil {
		var err error
		if stmt, err = r.conn.PrepareContext(context.Background(), s.text); err != nil {
			return err
		}
		r.kept[s.text] = stmt
	}
	rows, err := stmt.Query(s.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
	}
	return rows.Err()
}
