package templates

// CityPlanPage is GET /campaigns/{code}/city-plan, of a campaign of plans: whose plan
// is the city's own. Posts do (name, or clear) and reason to the same address.
type CityPlanPage struct {
	Shell
	URL      string
	Back     string
	Campaign string
	Named    bool
	Unit     string // whose plan it is, named
	Plan     string // where that plan is
	Units    string // where units are added
	Reason   string
}

// TitleCityPlan heads the page.
const TitleCityPlan = "Kế hoạch của Thành phố"

// CityPlanFlash tells what was done.
func CityPlanFlash(named bool) Flash {
	if !named {
		return Flash{Tone: ToneOK, Text: "Đợt này không còn kế hoạch của Thành phố."}
	}
	return Flash{
		Tone: ToneOK, Text: "Kế hoạch của Sở Nội vụ là kế hoạch của Thành phố trong đợt này.",
		More: "Khi kế hoạch đó được duyệt, các đơn vị chọn được nhiệm vụ của Thành phố mà nhiệm vụ của mình thực hiện.",
	}
}
