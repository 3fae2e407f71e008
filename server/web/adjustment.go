package web

import "strconv"

func adjustmentPath(document string, id int64) string {
	return "/documents/" + document + "/adjustments/" + strconv.FormatInt(id, 10)
}
