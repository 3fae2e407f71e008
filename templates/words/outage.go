package words

import "time"

// MaintenanceWhen says from when to when the software will be away.
func MaintenanceWhen(from, to time.Time) string {
	return "Phần mềm tạm ngừng để bảo trì từ " + Moment(from) + " đến " + Moment(to) + "."
}
