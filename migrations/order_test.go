package migrations_test

import (
	"context"
	"testing"
	"testing/fstest"

	"cchc/migrations"
	"cchc/storage/storagetest"
)

// A migration whose number is lower than one that a database has is applied to it.
func TestALowerNumberMayComeLater(t *testing.T) {
	owner := storagetest.Open(t).Owner
	if _, err := owner.Exec(`drop table goose_db_version`); err != nil {
		t.Fatal(err)
	}
	step := func(table string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table " + table + " ();\n-- +goose Down\nselect 1;\n")}
	}
	files := fstest.MapFS{"00001_a.sql": step("step_a"), "00003_c.sql": step("step_c")}
	for range 2 {
		if err := migrations.ApplyFiles(context.Background(), owner, files); err != nil {
			t.Fatal(err)
		}
		files["00002_b.sql"] = step("step_b")
	}
	var tables int
	if err := owner.QueryRow(`select count(*) from pg_tables where tablename like 'step__'`).Scan(&tables); err != nil || tables != 3 {
		t.Errorf("%d tables, %v", tables, err)
	}
}
