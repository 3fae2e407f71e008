package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"cchc/dev/packages"
)

// binaries is an installed PostgreSQL.
type binaries struct {
	dir   string // holds initdb and postgres
	major int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// places are where PostgreSQL is looked for, in this order: what the user says,
// Debian's, Homebrew's, Postgres.app's. Within a pattern the newest wins.
func places() []string {
	patterns := []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	}
	if said := os.Getenv("PG_BINDIR"); said != "" {
		return []string{said} // and nothing else: a wrong one must not pass unnoticed
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		patterns = append(patterns, filepath.Dir(path))
	}
	return patterns
}

// findOrInstall finds a PostgreSQL that is new enough, or installs the
// distribution's.
func findOrInstall(ctx context.Context, log io.Writer) (binaries, error) {
	if found, _ := find(places()); found.dir != "" {
		return found, nil
	}
	if os.Getenv("PG_BINDIR") != "" {
		return binaries{}, fmt.Errorf("PG_BINDIR: no PostgreSQL %d or newer in %s", Floor, os.Getenv("PG_BINDIR"))
	}
	if err := packages.Install(ctx, log, "postgresql"); err != nil {
		return binaries{}, fmt.Errorf("PostgreSQL %d or newer is needed (PG_BINDIR names its bin folder, %s a running server): %w",
			Floor, External, err)
	}
	found, tooOld := find(places())
	if found.dir != "" {
		return found, nil
	}
	if tooOld > 0 {
		return binaries{}, fmt.Errorf("the installed PostgreSQL %d is too old: %d or newer is needed", tooOld, Floor)
	}
	return binaries{}, errors.New("PostgreSQL was installed and still is not found: set PG_BINDIR to its bin folder")
}

// find is the newest PostgreSQL of the first pattern that has one new enough;
// otherwise the newest of those that are too old.
func find(patterns []string) (found binaries, tooOld int) {
	for _, pattern := range patterns {
		dirs, _ := filepath.Glob(pattern) // the patterns are well formed
		var here []binaries
		for _, dir := range dirs {
			if major := version(dir); major >= Floor {
				here = append(here, binaries{dir, major})
			} else {
				tooOld = max(tooOld, major)
			}
		}
		if len(here) > 0 {
			return slices.MaxFunc(here, func(a, b binaries) int { return a.major - b.major }), tooOld
		}
	}
	return binaries{}, tooOld
}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// version is the major version of a complete installation; 0: there is none.
func version(dir string) int {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0
	}
	output, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	match := versionNumber.FindSubmatch(output)
	if match == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(match[1])) // digits by the pattern
	return major
}

// forData is the installation that made the data: another major version
// refuses it.
func (b binaries) forData(data string) (binaries, error) {
	content, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		return b, nil // none yet, initdb comes
	}
	major, err := strconv.Atoi(string(regexp.MustCompile(`\d+`).Find(content)))
	if err != nil || major == b.major {
		return b, nil
	}
	dir := filepath.Join("/usr/lib/postgresql", strconv.Itoa(major), "bin")
	if version(dir) == major {
		return binaries{dir, major}, nil
	}
	return b, fmt.Errorf("%s was made by PostgreSQL %d and %d is installed: install %d, or move the folder away to begin anew",
		data, major, b.major, major)
}
