package form_test

import (
	"testing"

	"cchc/domain/form"
)

func decimal(t *testing.T, canonical string) form.Decimal {
	t.Helper()
	d, err := form.ParseDecimal(canonical)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
