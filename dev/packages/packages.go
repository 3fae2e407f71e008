// Package packages installs what the distribution ships: PostgreSQL for the
// local system, and what the tests look at their results with. It knows
// Debian's apt only; elsewhere it says what is needed.
package packages

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// noMainCluster keeps Debian's packaging from making a server of its own, which
// would take port 5432 and run beside ours.
const noMainCluster = `test -e /etc/postgresql-common/createcluster.conf || {
	mkdir -p /etc/postgresql-common
	echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
}`

// Install installs the named packages with apt, as root or through a sudo that
// asks for no password. It says on log what it does; the error says what a
// person can do where it may not.
func Install(ctx context.Context, log io.Writer, names ...string) error {
	byHand := "sudo apt-get update && sudo apt-get install " + strings.Join(names, " ")
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("these are missing and there is no apt-get here to install them: %s", strings.Join(names, " "))
	}
	prefix, err := rights(ctx)
	if err != nil {
		return fmt.Errorf("missing, and %w: run: %s", err, byHand)
	}
	_, _ = fmt.Fprintf(log, "installing with apt-get: %s\n", strings.Join(names, " "))
	steps := [][]string{
		{"sh", "-c", noMainCluster},
		{"apt-get", "-q", "update"},
		append([]string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends",
			"-o", "Dpkg::Options::=--force-confold", "-o", "DPkg::Lock::Timeout=300", "install"}, names...),
	}
	for _, step := range steps {
		step = append(append([]string{}, prefix...), step...)
		cmd := exec.CommandContext(ctx, step[0], step[1:]...)
		output, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s\nby hand: %s", strings.Join(step, " "), err, tail(output), byHand)
		}
	}
	return nil
}

// rights is what to put before a command that needs root.
func rights(ctx context.Context) ([]string, error) {
	if os.Geteuid() == 0 {
		return nil, nil
	}
	if err := exec.CommandContext(ctx, "sudo", "-n", "true").Run(); err != nil {
		return nil, errors.New("this user may not install packages")
	}
	return []string{"sudo", "-n"}, nil
}

func tail(output []byte) string {
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
