// What pages do beyond links and forms. All of it works without, only less smoothly.
import "./scripts/menus.js";
import "./scripts/dialogs.js";
import "./scripts/folds.js";
import "./scripts/forms.js";
import "./scripts/entry.js";
import "./scripts/failures.js";
