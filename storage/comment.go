package storage

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"cchc/domain/rule"
)

// MaxComment is the most letters of a comment.
const MaxComment = 2_000

// CommentEmpty: there is nothing to send.
const CommentEmpty rule.Code = "comment_empty"

// Comment is what one of the unit's people has said beside the document.
type Comment struct {
	ID     int64     `db:"id"`
	Person string    `db:"name"`
	Body   string    `db:"body"`
	At     time.Time `db:"at"`
}

// Comments lists what has been said beside a document, oldest first. The caller
// has checked that the reader belongs to its unit.
func (s *Store) Comments(ctx context.Context, document string) ([]Comment, error) {
	const list = `
		select c.id, p.name, c.body, c.at from comments c join persons p on p.id = c.person_id
		where c.document_id = $1 order by c.id`
	var comments []Comment
	err := s.db.SelectContext(ctx, &comments, list, document)
	return comments, wrap("list comments of "+document, err)
}

// AddComment keeps a comment; the same key again is the same comment. The text is
// cleaned as a section's is. rule.Errors at "comment": empty or too long.
func (s *Store) AddComment(ctx context.Context, key uuid.UUID, document string, person int64, text string) error {
	text = strings.TrimSpace(CleanText(text))
	switch letters := len([]rune(text)); {
	case letters == 0:
		return rule.Broken(CommentEmpty, "comment")
	case letters > MaxComment:
		return rule.Broken(TextTooLong, "comment", MaxComment)
	}
	const add = `
		insert into comments (key, document_id, person_id, body) values ($1, $2, $3, $4)
		on conflict (key) do nothing`
	_, err := s.db.ExecContext(ctx, add, key, document, person, text)
	return wrap("add comment to "+document, err)
}
