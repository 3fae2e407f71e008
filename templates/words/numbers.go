package words

import (
	"fmt"
	"strconv"
	"strings"
)

// Number groups an integer by dots: 1.234.567.
func Number(n int) string { return Decimal(strconv.Itoa(n)) }

// Decimal writes an exact decimal ("-1234.5", as stored) as vi-VN: "−1.234,5".
// What is not a decimal comes back as it is.
func Decimal(text string) string {
	sign, digits := "", text
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	if !allDigits(whole) || hasFraction && !allDigits(fraction) {
		return text
	}
	var grouped strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			grouped.WriteByte('.')
		}
		grouped.WriteRune(r)
	}
	if hasFraction {
		return sign + grouped.String() + "," + fraction
	}
	return sign + grouped.String()
}

func allDigits(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return text != ""
}

// Share is part of total in percent with one decimal, "53,7 %"; "—" when there
// is no total.
func Share(part, total int) string {
	if total == 0 {
		return "—"
	}
	tenths := (part*2000 + total) / (2 * total)
	return fmt.Sprintf("%d,%d %%", tenths/10, tenths%10)
}

// Size is a file's size: "486 KB", "3,4 MB", "1,0 GB".
func Size(bytes int64) string {
	const kb, mb, gb = 1 << 10, 1 << 20, 1 << 30
	if bytes < kb {
		return fmt.Sprintf("%d byte", bytes)
	}
	if bytes < mb {
		return fmt.Sprintf("%d KB", (bytes+kb/2)/kb)
	}
	if bytes < gb {
		tenths := (bytes*10 + mb/2) / mb
		return fmt.Sprintf("%d,%d MB", tenths/10, tenths%10)
	}
	tenths := (bytes*10 + gb/2) / gb
	return fmt.Sprintf("%d,%d GB", tenths/10, tenths%10)
}

// FilesHeld is how many files there are, and how much together: "34 tệp, 120,5 MB".
func FilesHeld(count int, bytes int64) string { return fmt.Sprintf("%d tệp, %s", count, Size(bytes)) }

// PointsBetween is how far a percentage, in ten-thousandths, has moved, in points
// with one decimal: "+3,2 điểm".
func PointsBetween(before, now int64) string {
	const tenth = 1_000
	moved := now - before
	sign := "+"
	if moved < 0 {
		sign, moved = "−", -moved
	}
	tenths := (moved + tenth/2) / tenth
	if tenths == 0 {
		return "0 điểm"
	}
	return fmt.Sprintf("%s%d,%d điểm", sign, tenths/10, tenths%10)
}
