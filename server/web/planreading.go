package web

import (
	"errors"
	"net/http"
	"strconv"

	"cchc/domain/document"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// What the query parameter plan asks for: the table that was approved, whatever
// adjustments have made of it since.
const (
	tableParam    = "plan"
	tableApproved = "approved"
)

// readingNow is a revision to read: of a plan with its table as the newest adjustment
// has made it, and the way to the one that was approved.
func (s *Server) readingNow(r *http.Request, d *dossier, c storage.Checked, revision int) (*templates.Reading, error) {
	if d.Kind != document.Plan {
		return d.reading(c), nil
	}
	adjusted, err := s.store.NewestAdjusted(r.Context(), d.ID, revision)
	if errors.Is(err, storage.ErrNotFound) {
		return d.reading(c), nil
	}
	if err != nil {
		return nil, err
	}
	if r.URL.Query().Get(tableParam) == tableApproved {
		reading := d.reading(c)
		reading.Adjusted = templates.ApprovedTable(adjusted.N, d.path(""))
		return reading, nil
	}
	c.Content.Tasks = adjusted.Tasks
	reading := d.reading(c)
	reading.Adjusted = templates.AdjustedTable(adjusted.N, words.AdjustedBy(adjusted.Number, adjusted.IssuedOn), d.path("?"+tableParam+"="+tableApproved))
	return reading, nil
}

// adjustedPrint is the print of a plan as the newest adjustment has made it; none
// where there is no adjustment.
func (s *Server) adjustedPrint(r *http.Request, d *dossier) ([]templates.File, error) {
	adjusted, err := s.store.NewestAdjusted(r.Context(), d.ID, d.Reading().Newest(false))
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	return []templates.File{{
		Label: words.AdjustedPrint(adjusted.N), URL: adjustedPrintPath(d.ID, adjusted.N),
		About: words.AdjustedBy(adjusted.Number, adjusted.IssuedOn),
	}}, err
}

func adjustedPrintPath(document string, n int) string {
	return "/documents/" + document + "/print.pdf?adjusted=" + strconv.Itoa(n)
}
