package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"cchc/domain/form"
	"cchc/e2e/stack"
	"cchc/storage/storagetest/volume"
)

// The largest evidence that is promised: so many files, so many bytes together.
const (
	bundleFiles  = 200
	bundleBytes  = 500 << 20
	bundleMemory = 64 // MB that a program may grow by, whatever it seals or sends
	bundleReads  = 3
)

// measureBundle: one self-assessment with as much evidence as is promised. The worker
// seals it, reading every file; an officer reads the ZIP, which is made while it is
// sent. Beside the one stands what reading and hashing the files takes, beside the
// other a bare server that sends the same bytes.
func (t *town) measureBundle(b *testing.B) {
	t.open(b)
	document := volume.IndexCampaign(volume.IndexYear(time.Now())) + "-" + t.units[0]
	files := t.attachEvidence(b, document)
	bare := t.hashBare(b, files)

	before := t.forgetPeak(b, stack.Worker)
	began := time.Now()
	t.exec(b, `insert into evidence_bundles (document_id, revision) select id, revision from documents where id = $1`, document)
	sealed := t.within(b, 5*time.Minute, 1, `select count(*) from evidence_bundles where document_id = $1 and sealed_at is not null`, document).Sub(began)
	t.grown(b, stack.Worker, before, fmt.Sprintf("worker: memory while it seals %d files, %d MB", bundleFiles, bundleBytes>>20))
	t.figures.add("a bundle is sealed after", seconds(sealed), "files read and hashed "+seconds(bare), sealed.Seconds()/bare.Seconds())

	var hash string
	var size int64
	if err := t.Owner.QueryRow(`select hash, size from evidence_bundles where document_id = $1`, document).Scan(&hash, &size); err != nil {
		b.Fatal(err)
	}
	v := t.mustVisit(b, volume.Officer)
	path := fmt.Sprintf("%s/documents/%s/bundle/%d.zip", v.web, document, t.Count(`select revision from documents where id = $1`, document))
	before = t.forgetPeak(b, stack.Server)
	var took []time.Duration
	for range bundleReads {
		began := time.Now()
		got, sum := download(b, v.client, path)
		took = append(took, time.Since(began))
		if got != size || sum != hash {
			b.Fatalf("%d bytes of %d, hash %s, sealed with %s", got, size, sum, hash)
		}
	}
	t.grown(b, stack.Server, before, "server: memory while it sends that bundle")
	floor := sendBare(b, t, files)
	rate := func(d time.Duration) float64 { return float64(size>>20) / d.Seconds() }
	median := percentile(took, 50)
	t.figures.add("a bundle is read with", fmt.Sprintf("%.0f MB/s", rate(median)), fmt.Sprintf("bare server %.0f MB/s", rate(floor)), median.Seconds()/floor.Seconds())
}

// attachEvidence keeps the files and freezes them into the document's revision, past
// the pages: what is measured comes after.
func (t *town) attachEvidence(b *testing.B, document string) []form.FileRef {
	b.Helper()
	chance := rand.New(rand.NewSource(1))
	var files []form.FileRef
	for i := range bundleFiles {
		kept, err := t.Store.AddFile(context.Background(), io.LimitReader(chance, bundleBytes/bundleFiles), "application/pdf", bundleBytes)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, form.FileRef{Name: fmt.Sprintf("Minh chứng số %d.pdf", i+1), Hash: kept.Hash})
	}
	raw, err := json.Marshal(files)
	if err != nil {
		b.Fatal(err)
	}
	t.exec(b, `update revisions r set content = jsonb_set(content, '{files}', $2::jsonb)
		from documents d where d.id = $1 and r.document_id = d.id and r.revision = d.revision`, document, string(raw))
	return files
}

// hashBare is how long it takes to read the files twice and to hash what is read.
func (t *town) hashBare(b *testing.B, files []form.FileRef) time.Duration {
	b.Helper()
	began := time.Now()
	whole := sha256.New()
	for _, file := range files {
		t.copyFile(b, file, io.MultiWriter(sha256.New(), crc32.NewIEEE()))
	}
	for _, file := range files {
		t.copyFile(b, file, whole)
	}
	return time.Since(began)
}

func (t *town) copyFile(b *testing.B, file form.FileRef, to io.Writer) {
	b.Helper()
	kept, err := t.Store.OpenFile(file.Hash)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	if _, err := io.Copy(to, io.NewSectionReader(kept, 0, 1<<40)); err != nil { // as a ZIP reads it, not by the kernel
		b.Fatal(err)
	}
}

// sendBare is how long a server takes that does nothing but send the files one after
// the other.
func sendBare(b *testing.B, t *town, files []form.FileRef) time.Duration {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, file := range files {
			t.copyFile(b, file, struct{ io.Writer }{w})
		}
	}))
	defer server.Close()
	var took []time.Duration
	for range bundleReads {
		began := time.Now()
		download(b, http.DefaultClient, server.URL)
		took = append(took, time.Since(began))
	}
	return percentile(took, 50)
}

// download reads an answer whole: how much it was, and its hash.
func download(b *testing.B, client *http.Client, url string) (size int64, hash string) {
	b.Helper()
	response, err := client.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	sum := sha256.New()
	if size, err = io.Copy(sum, response.Body); err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("%s: status %d after %d bytes: %v", url, response.StatusCode, size, err)
	}
	return size, hex.EncodeToString(sum.Sum(nil))
}

// forgetPeak has the kernel forget how much a program held at most, and tells how much
// it holds now, in MB.
func (t *town) forgetPeak(b *testing.B, part string) int {
	b.Helper()
	const peak = "5" // proc(5), clear_refs
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", t.PID(part)), []byte(peak), 0); err != nil {
		b.Fatal(err)
	}
	now, _ := memory(b, t.PID(part))
	return now
}

// grown adds by how much a program has grown at most, and fails beyond what is
// promised.
func (t *town) grown(b *testing.B, part string, before int, what string) {
	b.Helper()
	_, most := memory(b, t.PID(part))
	t.figures.add(what, fmt.Sprintf("+%d MB", most-before), "", 0)
	if most-before > bundleMemory {
		b.Errorf("%s grew by %d MB, from %d to %d; promised are %d", part, most-before, before, most, bundleMemory)
	}
}
