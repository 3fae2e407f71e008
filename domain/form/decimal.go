package form

import "cchc/domain/decimal"

// Decimal is the number of a figure.
type Decimal = decimal.Number

// Numbers of figures are made as domain/decimal makes them.
var (
	DecimalOf        = decimal.Of
	OfTenThousandths = decimal.OfTenThousandths
	ParseDecimal     = decimal.Parse
	ParseVN          = decimal.ParseVN
)
