package signing_test

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"cchc/signing"
	"cchc/signing/pdf"
	"cchc/signing/testpki"
)

// expect holds a file to a verdict of invalid for exactly that reason (more
// reasons may come with it). The policy names the fields itself, so that the
// check of the prepared bytes does not answer for all others.
func expect(t *testing.T, file []byte, want signing.Code) {
	t.Helper()
	p := policy(t, nil, director.Name)
	p.Fields = []signing.Field{director, agency}
	expectUnder(t, file, p, want)
}

func expectUnder(t *testing.T, file []byte, p signing.Policy, want signing.Code) {
	t.Helper()
	got := verify(t, file, p)
	failed := slices.ContainsFunc(got.Problems(), func(c signing.Check) bool { return c.Code == want && c.Outcome == signing.Failed })
	if got.Verdict != signing.Invalid || !failed {
		t.Errorf("%s, want %s to fail; problems %v", got.Verdict, want, got.Problems())
	}
}

// A forgery that spoils nothing is valid; otherwise the other cases prove
// nothing.
func TestForgeryIsGoodUntilSpoiled(t *testing.T) {
	prepared := report(t)
	if got := verify(t, forgery{}.make(t, prepared), policy(t, prepared, director.Name)); got.Verdict != signing.Valid {
		t.Fatalf("%v", got.Problems())
	}
}

func TestChangedAfterSigning(t *testing.T) {
	signed := sign(t, report(t), director.Name, keys(t).agency)
	_, widget := field(t, open(t, signed), 0)
	for name, c := range map[string]struct {
		file []byte
		want signing.Code
	}{
		"byte of the content": {swap(signed, "D:20261122080000", "D:20261122080001"), signing.CheckDigest},
		"claimed time":        {swap(signed, "/M (D:20261122153000", "/M (D:20261122153001"), signing.CheckDigest},
		"byte of the message": {flipMessage(t, signed, func(der []byte) int { return len(der) - 3 }), signing.CheckSignature},
		"message's algorithm": {flipMessage(t, signed, func(der []byte) int { return bytes.Index(der, []byte{0x2A, 0x86, 0x48}) + 5 }), signing.CheckMessage},
		"padding":             {flipMessage(t, signed, func(der []byte) int { return len(der) + 5 }), signing.CheckMessage},
		"another page":        {appended(t, signed, otherPage), signing.CheckRevisions},
		"catalog":             {appended(t, signed, catalogWith("PageMode", pdf.Name("UseNone"))), signing.CheckRevisions},
		"the field again": {appended(t, signed, func(f *pdf.File, inc *pdf.Increment) {
			ref, dict := field(t, f, 0)
			inc.Replace(ref, dict.With("Rect", pdf.Array{pdf.Int(0), pdf.Int(0), pdf.Int(595), pdf.Int(842)}))
		}), signing.CheckRevisions},
		"signature taken away": {appended(t, signed, func(f *pdf.File, inc *pdf.Increment) {
			ref, dict := field(t, f, 0)
			inc.Replace(ref, dict.Without("V"))
		}), signing.CheckRevisions},
		"appearance": {appended(t, signed, func(_ *pdf.File, inc *pdf.Increment) {
			inc.Replace(widget.Get("AP").(pdf.Dict).Get("N").(pdf.Ref), emptyForm())
		}), signing.CheckRevisions},
		"an object nobody uses":     {appended(t, signed, func(_ *pdf.File, inc *pdf.Increment) { inc.Add(pdf.Dict{}) }), signing.CheckRevisions},
		"an empty increment":        {appended(t, signed, func(*pdf.File, *pdf.Increment) {}), signing.CheckRevisions},
		"bytes after the end":       {append(bytes.Clone(signed), "hello"...), signing.CheckStructure},
		"white space after the end": {append(bytes.Clone(signed), "\n\n"...), signing.CheckStructure},
		"cut short":                 {signed[:len(signed)-10], signing.CheckStructure},
		"deleted object":            {append(bytes.Clone(signed), deletion(t, signed)...), signing.CheckStructure},
		"unsigned":                  {report(t), signing.CheckRequired},
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.file, c.want) })
	}
}

func swap(file []byte, from, to string) []byte {
	return bytes.Replace(file, []byte(from), []byte(to), 1)
}

// flipMessage changes one byte of the first message at the place that index
// finds in it.
func flipMessage(t *testing.T, file []byte, index func(der []byte) int) []byte {
	t.Helper()
	out := bytes.Clone(file)
	start := bytes.Index(out, []byte("/Contents <30")) + len("/Contents <")
	end := start + bytes.IndexByte(out[start:], '>')
	padded, err := hex.DecodeString(string(out[start:end]))
	if err != nil {
		t.Fatal(err)
	}
	length := 4 + int(padded[2])<<8 + int(padded[3])
	padded[index(padded[:length])] ^= 1
	hex.Encode(out[start:end], padded)
	return out
}

// deletion is an increment by hand that frees object 3, a page.
func deletion(t *testing.T, file []byte) []byte {
	t.Helper()
	empty := string(appended(t, file, func(*pdf.File, *pdf.Increment) {})[len(file):])
	return []byte(strings.Replace(empty, "xref\n", "xref\n3 1\n0000000000 00001 f \n", 1))
}

func TestByteRangeGames(t *testing.T) {
	for name, change := range map[string]func([4]int) [4]int{
		"gap wider at the left":      func(r [4]int) [4]int { r[1]--; return r },
		"gap wider at the right":     func(r [4]int) [4]int { r[2]++; r[3]--; return r },
		"gap takes the brackets in":  func(r [4]int) [4]int { r[1]++; r[2]--; r[3]++; return r },
		"does not start at zero":     func(r [4]int) [4]int { r[0]++; r[1]--; return r },
		"ends before the revision":   func(r [4]int) [4]int { r[3] -= 2; return r },
		"no second range":            func(r [4]int) [4]int { r[3] = 0; return r },
		"whole file but the trailer": func(r [4]int) [4]int { r[3] -= 100; return r },
		"another string as gap":      func(r [4]int) [4]int { r[1], r[2], r[3] = 100, 200, r[2]+r[3]-200; return r },
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, forgery{byteRange: change}.make(t, report(t)), signing.CheckByteRange)
		})
	}
	for name, change := range map[string]func(string) string{
		"negative":     func(s string) string { return s },
		"space inside": func(s string) string { return strings.Replace(s, "0000> >>", "00\n0> >>", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			file := forgery{dict: change}.make(t, report(t))
			if name == "negative" {
				file = regexp.MustCompile(`/ByteRange \[0 \d`).ReplaceAll(file, []byte("/ByteRange [0 -"))
			}
			expect(t, file, signing.CheckByteRange)
		})
	}
}

func TestMoreThanASignatureInItsIncrement(t *testing.T) {
	big := pdf.Array{pdf.Int(0), pdf.Int(0), pdf.Int(595), pdf.Int(842)}
	withKey := func(key pdf.Name, value pdf.Object) func(pdf.Dict) pdf.Dict {
		return func(d pdf.Dict) pdf.Dict { return d.With(key, value) }
	}
	for name, c := range map[string]struct {
		forged forgery
		want   signing.Code
	}{
		"page":                 {forgery{extra: otherPage}, signing.CheckRevisions},
		"catalog":              {forgery{extra: catalogWith("Lang", pdf.String{Bytes: []byte("vi")})}, signing.CheckRevisions},
		"certification":        {forgery{extra: catalogWith("Perms", pdf.Dict{})}, signing.CheckContent},
		"unused object":        {forgery{extra: func(_ *pdf.File, inc *pdf.Increment) { inc.Add(pdf.Dict{}) }}, signing.CheckRevisions},
		"hidden second object": {forgery{extra: func(_ *pdf.File, inc *pdf.Increment) { inc.Add(pdf.Raw("null\nendobj\n99 0 obj\n<< >>")) }}, signing.CheckRevisions},
		"place of the field":   {forgery{widget: withKey("Rect", big)}, signing.CheckFields},
		"place, as a change":   {forgery{widget: withKey("Rect", big)}, signing.CheckRevisions},
		"name of the field":    {forgery{widget: withKey("T", pdf.String{Bytes: []byte("Other")})}, signing.CheckFields},
		"hidden field":         {forgery{widget: withKey("F", pdf.Int(2))}, signing.CheckFields},
		"action":               {forgery{widget: withKey("A", pdf.Dict{{Key: "S", Value: pdf.Name("URI")}})}, signing.CheckFields},
		"lock":                 {forgery{widget: withKey("Lock", pdf.Dict{})}, signing.CheckFields},
		"appearance on press": {forgery{widget: func(d pdf.Dict) pdf.Dict {
			ap := d.Get("AP").(pdf.Dict)
			return d.With("AP", ap.With("D", ap.Get("N")))
		}}, signing.CheckRevisions},
		"no appearance":      {forgery{widget: func(d pdf.Dict) pdf.Dict { return d.Without("AP") }}, signing.CheckRevisions},
		"DocMDP":             {forgery{dict: insert(" /Reference [<< /TransformMethod /DocMDP >>]")}, signing.CheckPermissions},
		"unknown entry":      {forgery{dict: insert(" /Changes [0 0 0]")}, signing.CheckDictionary},
		"other subfilter":    {forgery{dict: replace("ETSI.CAdES.detached", "adbe.pkcs7.detached")}, signing.CheckDictionary},
		"two Contents":       {forgery{dict: replace("> >>", "> /Contents <00> >>")}, signing.CheckContent},
		"dangling reference": {forgery{dict: insert(" /Location 999 0 R")}, signing.CheckContent},
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.forged.make(t, report(t)), c.want) })
	}
}

func insert(more string) func(string) string { return replace(" /M ", more+" /M ") }

func replace(from, to string) func(string) string {
	return func(s string) string { return strings.Replace(s, from, to, 1) }
}

func TestSecondSignatureMayNotChangeThePage(t *testing.T) {
	first := sign(t, report(t), director.Name, keys(t).agency)
	expect(t, sign(t, appended(t, first, otherPage), agency.Name, keys(t).agency), signing.CheckRevisions)
}

func TestMessageGames(t *testing.T) {
	p := keys(t)
	twin, err := p.Issue(testpki.Person{Name: "Twin"}, testpki.P256)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := p.Issue(testpki.Person{Name: "Weak"}, rsa1024)
	if err != nil {
		t.Fatal(err)
	}
	foreign := *p.agency
	foreign.Signer = twin.Signer
	utcTime := func(b *cryptobyte.Builder) { b.AddASN1UTCTime(signedAt) }
	for name, c := range map[string]struct {
		forged forgery
		want   signing.Code
	}{
		"signing-time":              {forgery{attributes: attribute([]uint{1, 2, 840, 113549, 1, 9, 5}, utcTime)}, signing.CheckAttributes},
		"second message-digest":     {forgery{attributes: attribute([]uint{1, 2, 840, 113549, 1, 9, 4}, utcTime)}, signing.CheckMessage},
		"certificate of another":    {forgery{certified: func(*x509.Certificate) *x509.Certificate { return twin.Certificate }}, signing.CheckSigningCertificate},
		"signed with another's key": {forgery{key: &foreign}, signing.CheckSignature},
		"RSA of 1024 bits":          {forgery{key: weak}, signing.CheckKey},
		"attributes out of order":   {forgery{attributes: reversed}, signing.CheckMessage},
		"no message":                {forgery{message: func(der []byte) []byte { return make([]byte, len(der)) }}, signing.CheckMessage},
		"message of another file": {forgery{message: func(der []byte) []byte {
			other := forgery{dict: insert(" /Location (elsewhere)")}.make(t, report(t))
			return contents(t, other)[:len(der)]
		}}, signing.CheckDigest},
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.forged.make(t, report(t)), c.want) })
	}
}

// contents is the padded message of the only signature.
func contents(t *testing.T, file []byte) []byte {
	t.Helper()
	start := bytes.Index(file, []byte("/Contents <30")) + len("/Contents <")
	out, err := hex.DecodeString(string(file[start : start+bytes.IndexByte(file[start:], '>')]))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// attribute adds one to a SET OF and sorts it anew.
func attribute(oid []uint, value func(*cryptobyte.Builder)) func([]byte) []byte {
	return func(set []byte) []byte {
		var b cryptobyte.Builder
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			var id []int
			for _, arc := range oid {
				id = append(id, int(arc))
			}
			b.AddASN1ObjectIdentifier(id)
			b.AddASN1(tag.SET, value)
		})
		all := append(elements(set), b.BytesOrPanic())
		slices.SortFunc(all, bytes.Compare)
		return setOf(all)
	}
}

func reversed(set []byte) []byte {
	all := elements(set)
	slices.Reverse(all)
	return setOf(all)
}

func elements(set []byte) (out [][]byte) {
	outer := cryptobyte.String(set)
	var content, one cryptobyte.String
	outer.ReadASN1(&content, tag.SET)
	for content.ReadASN1Element(&one, tag.SEQUENCE) {
		out = append(out, one)
	}
	return out
}

func setOf(elements [][]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag.SET, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(elements, nil)) })
	return b.BytesOrPanic()
}

func TestCertificates(t *testing.T) {
	other, err := testpki.New(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for name, c := range map[string]struct {
		authority *testpki.Authority
		change    func(*x509.Certificate)
		want      signing.Code
	}{
		"untrusted root": {other, func(*x509.Certificate) {}, signing.CheckChain},
		"expired":        {keys(t).Authority, func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Minute) }, signing.CheckValidity},
		"not yet valid":  {keys(t).Authority, func(c *x509.Certificate) { c.NotBefore = now.Add(time.Hour) }, signing.CheckValidity},
		"for encryption": {keys(t).Authority, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, signing.CheckKeyUsage},
		"for nothing":    {keys(t).Authority, func(c *x509.Certificate) { c.KeyUsage = 0 }, signing.CheckKeyUsage},
		"an authority's": {keys(t).Authority, func(c *x509.Certificate) { c.IsCA = true; c.KeyUsage |= x509.KeyUsageCertSign }, signing.CheckNotCA},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := c.authority.Issue(testpki.Person{Name: "Nguyen Van An"}, testpki.P256, c.change)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, sign(t, report(t), director.Name, key), c.want)
			checks, err := signing.CheckIdentity(key.Identity, policy(t, nil).Trust)
			if err != nil || !slices.ContainsFunc(checks, func(k signing.Check) bool { return k.Code == c.want && k.Outcome == signing.Failed }) {
				t.Errorf("CheckIdentity lets it pass: %v, %v", checks, err)
			}
		})
	}
}

func TestRevocation(t *testing.T) {
	p := keys(t)
	prepared := report(t)
	signed := sign(t, prepared, director.Name, p.agency)
	now := time.Now()
	lists := func(at time.Time, revoked ...*x509.Certificate) []*x509.RevocationList {
		crls, err := p.CRLs(at, revoked...)
		if err != nil {
			t.Fatal(err)
		}
		return crls
	}
	stranger, err := testpki.New(now)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := stranger.CRLs(now.Add(-time.Hour), p.agency.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	hourAgo := now.Add(-time.Hour)
	for name, c := range map[string]struct {
		crls    []*x509.RevocationList
		require bool
		outcome signing.Outcome
		verdict signing.Verdict
	}{
		"no list, not asked for":      {nil, false, signing.NotChecked, signing.Valid},
		"no list, required":           {nil, true, signing.Unknown, signing.Indeterminate},
		"good":                        {lists(hourAgo), true, signing.Passed, signing.Valid},
		"revoked":                     {lists(hourAgo, p.agency.Certificate), true, signing.Failed, signing.Invalid},
		"revoked, root's list absent": {lists(hourAgo, p.agency.Certificate)[1:], false, signing.Failed, signing.Invalid},
		"root's list absent":          {lists(hourAgo)[1:], true, signing.Unknown, signing.Indeterminate},
		"another revoked":             {lists(hourAgo, p.director.Certificate), true, signing.Passed, signing.Valid},
		"revoked after the instant":   {lists(now.Add(time.Hour), p.agency.Certificate), true, signing.Passed, signing.Valid},
		"stale":                       {lists(now.Add(-48*time.Hour), p.agency.Certificate), true, signing.Unknown, signing.Indeterminate},
		"a stranger's list":           {foreign, true, signing.Unknown, signing.Indeterminate},
	} {
		t.Run(name, func(t *testing.T) {
			rules := policy(t, prepared, director.Name)
			rules.At, rules.CRLs, rules.RequireRevocation = now, c.crls, c.require
			got := verify(t, signed, rules)
			s, _ := got.Signature(director.Name)
			last := s.Checks[len(s.Checks)-1]
			if got.Verdict != c.verdict || last.Code != signing.CheckRevocation || last.Outcome != c.outcome {
				t.Errorf("%s, %+v; want %s, %s", got.Verdict, last, c.verdict, c.outcome)
			}
		})
	}
}

func TestFieldsAndPrefix(t *testing.T) {
	prepared := report(t)
	seal := sign(t, prepared, agency.Name, keys(t).agency)
	expect(t, seal, signing.CheckRequired) // the director's is asked for

	signed := sign(t, prepared, director.Name, keys(t).agency)
	moved := policy(t, nil, director.Name)
	moved.Fields = []signing.Field{director, agency}
	moved.Fields[0].Rect[0]++
	expectUnder(t, signed, moved, signing.CheckFields)
	moved.Fields = []signing.Field{{Name: director.Name, Page: 1, Rect: director.Rect}, agency}
	expectUnder(t, signed, moved, signing.CheckFields)
	moved.Fields = []signing.Field{director}
	expectUnder(t, signed, moved, signing.CheckFields)
	moved.Fields = []signing.Field{director, agency, {Name: "Third", Page: 1, Rect: director.Rect}}
	expectUnder(t, signed, moved, signing.CheckFields)

	other, err := signing.AddFields(unsignedReport(t), []signing.Field{director, agency, {Name: "Third", Page: 1, Rect: agency.Rect}})
	if err != nil {
		t.Fatal(err)
	}
	expectUnder(t, signed, policy(t, other, director.Name), signing.CheckPrepared)
}

func TestHostileStructure(t *testing.T) {
	signed := sign(t, report(t), director.Name, keys(t).agency)
	many := report(t)
	for range 20 {
		many = appended(t, many, catalogWith("PageMode", pdf.Name("UseNone")))
	}
	last := func(from, to string) []byte {
		at := bytes.LastIndex(signed, []byte(from))
		return slices.Concat(signed[:at], []byte(to), signed[at+len(from):])
	}
	for name, c := range map[string]struct {
		file []byte
		want signing.Code
	}{
		"nothing":             {nil, signing.CheckStructure},
		"no PDF":              {[]byte("hello"), signing.CheckStructure},
		"too large":           {make([]byte, 64<<20+1), signing.CheckLimits},
		"too many revisions":  {many, signing.CheckLimits},
		"hybrid":              {last("/Prev", "/XRefStm 9 /Prev"), signing.CheckStructure},
		"encrypted":           {last("/Prev", "/Encrypt 9 0 R /Prev"), signing.CheckStructure},
		"other root":          {last("/Root 9 0 R", "/Root 8 0 R"), signing.CheckStructure},
		"Prev to itself":      {regexp.MustCompile(`/Prev \d+ >>\nstartxref\n(\d+)\n%%EOF\n$`).ReplaceAll(signed, []byte("/Prev $1 >>\nstartxref\n$1\n%%EOF\n")), signing.CheckStructure},
		"startxref elsewhere": {regexp.MustCompile(`startxref\n\d+\n%%EOF\n$`).ReplaceAll(signed, []byte("startxref\n15\n%%EOF\n")), signing.CheckStructure},
		"script at opening": {forgery{}.make(t, appended(t, report(t), catalogWith("OpenAction",
			pdf.Dict{{Key: "S", Value: pdf.Name("JavaScript")}}))), signing.CheckContent},
		"dangling before signing": {forgery{}.make(t, appended(t, report(t), catalogWith("Metadata", pdf.Ref{Number: 900}))), signing.CheckContent},
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.file, c.want) })
	}
}

// Whatever single byte is changed, the file is not valid, and nothing panics.
// The one exception is CMS's own: issuers' certificates in the message are not
// signed; a spoiled one is left out and the path found through the policy.
func TestNoByteIsFree(t *testing.T) {
	prepared := report(t)
	key := *keys(t).agency
	key.Chain = nil
	signed := sign(t, sign(t, prepared, director.Name, &key), agency.Name, &key)
	rules := policy(t, nil, director.Name, agency.Name)
	rules.Fields = []signing.Field{director, agency}
	rules.Intermediates = []*x509.Certificate{keys(t).Intermediate}
	if got := verify(t, signed, rules); got.Verdict != signing.Valid {
		t.Fatalf("%v", got.Problems())
	}
	for at := 0; at < len(signed); at += 31 {
		signed[at] ^= 1
		if got := verify(t, signed, rules); got.Verdict == signing.Valid {
			t.Errorf("byte %d (%q) is free", at, signed[at])
		}
		signed[at] ^= 1
	}
	for length := 0; length < len(signed); length += 211 {
		if got := verify(t, signed[:length], rules); got.Verdict == signing.Valid {
			t.Errorf("%d bytes are enough", length)
		}
	}
}

func TestPolicyThatCannotJudge(t *testing.T) {
	prepared := report(t)
	good := policy(t, prepared)
	for name, spoil := range map[string]func(*signing.Policy){
		"no roots":   func(p *signing.Policy) { p.Roots = nil },
		"no instant": func(p *signing.Policy) { p.At = time.Time{} },
		"no fields":  func(p *signing.Policy) { p.Prepared = nil },
	} {
		p := good
		spoil(&p)
		if _, err := signing.Verify(prepared, p); err == nil {
			t.Errorf("%s: judged", name)
		}
	}
}

func FuzzVerify(f *testing.F) {
	prepared := report(f)
	f.Add(prepared)
	f.Add(sign(f, prepared, director.Name, keys(f).agency))
	rules := policy(f, nil, director.Name)
	rules.Fields = []signing.Field{director, agency}
	f.Fuzz(func(t *testing.T, file []byte) {
		report, err := signing.Verify(file, rules)
		if err != nil {
			t.Fatal(err)
		}
		if report.Verdict == signing.Valid && !slices.ContainsFunc(report.Signatures, func(s signing.Signature) bool { return s.Certificate != nil }) {
			t.Fatal("valid without a signature")
		}
	})
}
