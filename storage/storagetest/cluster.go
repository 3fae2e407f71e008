package storagetest

import (
	"context"

	"cchc/dev/postgres"
)

// cluster is the address of a PostgreSQL where tests may make databases.
func cluster() (string, error) {
	shared, err := postgres.Shared(context.Background())
	if err != nil {
		return "", err
	}
	return shared.URL("postgres"), nil
}
