package storagetest

import "os"

// cluster is the address of a PostgreSQL where tests may make databases.
func cluster() (string, error) {
	return os.Getenv("CCHC_TEST_POSTGRES"), nil
}
