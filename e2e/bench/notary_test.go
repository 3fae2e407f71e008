package bench

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/paper"
	"cchc/signing"
	"cchc/signing/testpki"
	"cchc/storage"
)

// narrative is what stands in each section, about half a page.
var narrative = strings.Repeat("Trong kỳ, đơn vị đã ban hành 14 văn bản chỉ đạo, điều hành; hoàn thành 46/48 nhiệm vụ của Kế hoạch năm, đạt 95,83%. ", 6)

// notary renders and signs as the web does, with a director's key that has been
// opened already.
type notary struct {
	roots   signing.Trust
	key     *signing.Key
	picture []byte
	report  paper.Report
}

func newNotary(b *testing.B, version form.Version) notary {
	b.Helper()
	authority, err := testpki.New(time.Now())
	if err != nil {
		b.Fatal(err)
	}
	made, err := authority.Issue(testpki.Person{Name: "Lê Hoàng Phương", Identifier: "bench"}, testpki.RSA2048)
	if err != nil {
		b.Fatal(err)
	}
	packed, err := testpki.PKCS12(made, "bench")
	if err != nil {
		b.Fatal(err)
	}
	key, err := signing.LoadPKCS12(packed, []byte("bench"))
	if err != nil {
		b.Fatal(err)
	}
	return notary{signing.Trust{Roots: authority.Roots()}, key, testpki.Squiggle("bench"), reportOf(version)}
}

// reportOf is a report with every section and figure of the form.
func reportOf(version form.Version) paper.Report {
	r := paper.Report{
		Superior: []string{"Ủy ban nhân dân", "Thành phố Hồ Chí Minh"}, Agency: "Sở Tài chính",
		Place: "Thành phố Hồ Chí Minh", Type: "Báo cáo", Subject: "Công tác cải cách hành chính quý IV năm 2026",
		To: []string{"Sở Nội vụ"}, SignerCapacity: []string{"Giám đốc"}, SignerName: "Lê Hoàng Phương",
		CC: []string{"Sở Nội vụ", "Lưu: VT"}, Appendix: &paper.Appendix{Title: "Số liệu cải cách hành chính"},
	}
	for _, section := range version.Sections {
		r.Parts = append(r.Parts, paper.Part{Number: section.Code + ".", Title: section.Title, Text: narrative})
	}
	for _, indicator := range version.Indicators {
		r.Appendix.Rows = append(r.Appendix.Rows, paper.Row{Code: indicator.Code, Name: indicator.Name, Unit: indicator.Unit, Value: "12.934"})
	}
	return r
}

// paper is a print with its field prepared, and what the store keeps of it.
func (n notary) prepare(number string, at time.Time) (paper.Print, *signing.Preparation, storage.Prepared, error) {
	r := n.report
	r.Number, r.Date, r.Created = number, calendar.DayOf(at), at
	print, err := paper.Render(r)
	if err != nil {
		return print, nil, storage.Prepared{}, err
	}
	p, err := signing.Prepare(print.PDF, paper.DirectorField, n.key.Identity, signing.Appearance{Picture: n.picture}, signing.Meta{At: at})
	if err != nil {
		return print, nil, storage.Prepared{}, err
	}
	without := *p
	without.PDF = nil
	kept, err := json.Marshal(without)
	return print, p, storage.Prepared{PDF: p.PDF, Preparation: kept, Certificate: json.RawMessage(`{}`)}, err
}

// sign completes the preparation and holds the result against our own policy.
func (n notary) sign(print paper.Print, p *signing.Preparation) ([]byte, error) {
	signed, err := signing.Sign(p, n.key.Signer)
	if err != nil {
		return nil, err
	}
	policy := signing.Policy{Trust: n.roots, Prepared: print.PDF, Required: []string{paper.DirectorField}}
	policy.At = time.Now()
	report, err := signing.Verify(signed, policy)
	if err == nil && report.Verdict != signing.Valid {
		err = fmt.Errorf("own signature judged %s: %+v", report.Verdict, report)
	}
	return signed, err
}

// measureSigning: a whole signature on one core, beside the key's bare operation.
func (t *town) measureSigning(b *testing.B) {
	const whole, alone = 100, 1000
	once := func(i int) {
		print, p, _, err := t.seal.prepare(fmt.Sprintf("%d/BC", i), time.Now())
		if err == nil {
			_, err = t.seal.sign(print, p)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	once(1) // fonts parsed, picture encoded
	began := time.Now()
	for i := range whole {
		once(i + 1)
	}
	signed := perSecond(whole, time.Since(began))
	digest := sha256.Sum256([]byte(narrative))
	began = time.Now()
	for range alone {
		if _, err := t.seal.key.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
			b.Fatal(err)
		}
	}
	bareRSA := perSecond(alone, time.Since(began))
	t.figures.add("signatures a second, one core: render, prepare, sign, verify (floor: RSA-2048 alone)",
		fmt.Sprintf("%.0f", signed), fmt.Sprintf("%.0f", bareRSA), signed/bareRSA)
}
