package storage_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

func TestComments(t *testing.T) {
	d := newDesk(t)
	ctx, author := context.Background(), d.people[staff.Specialist].Person
	once := uuid.New()
	for _, c := range []struct {
		name string
		key  uuid.UUID
		text string
		want string // code; empty: taken
	}{
		{"taken", once, "  Đã hỏi Phòng Đăng ký kinh doanh.\r\nChiều nay có số. ", ""},
		{"a second click", once, "Đã hỏi Phòng Đăng ký kinh doanh.\nChiều nay có số.", ""},
		{"nothing but space", uuid.New(), " \n\t ", "comment_empty"},
		{"too long", uuid.New(), strings.Repeat("ữ", storage.MaxComment+1), "text_too_long"},
		{"as long as may be", uuid.New(), strings.Repeat("ữ", storage.MaxComment), ""},
	} {
		err := d.db.Store.AddComment(ctx, c.key, d.id, author, c.text)
		if c.want == "" && err != nil || c.want != "" && !has(err, rule.Code(c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	comments, err := d.db.Store.Comments(ctx, d.id)
	if err != nil || len(comments) != 2 || comments[0].Body != "Đã hỏi Phòng Đăng ký kinh doanh.\nChiều nay có số." || comments[0].Person == "" {
		t.Errorf("%v\n%+v", err, comments)
	}
	if others, err := d.db.Store.Comments(ctx, "bc-2026q4-SYT"); err != nil || len(others) != 0 {
		t.Errorf("another document's: %+v, %v", others, err)
	}
}
