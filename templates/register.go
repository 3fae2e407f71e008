package templates

// register is every page with the struct it takes. The key is the file under
// pages/ without its ending.
var register = map[string]any{
	"session/sign-in":  SignInPage{},
	"session/activate": ActivatePage{},
	"session/password": PasswordPage{},
	"tasks/list":       TasksPage{},
}
