// Tabler is dark only where the page says so. Here each of those rules is also given to readers who
// chose nothing and whose system is dark, so that no script has to run before the page is seen.
const SAYS_DARK = /(:root|html|body)?\[data-bs-theme=["']?dark["']?\]/g;
const FOLLOWS_SYSTEM = ":where(:root):not([data-bs-theme])";

export default function darkByTheSystem() {
  return {
    postcssPlugin: "dark-by-the-system",
    OnceExit(root, { AtRule }) {
      root.walkRules((rule) => {
        const dark = rule.selectors.filter((selector) => selector.match(SAYS_DARK));
        if (!dark.length || rule.parent.isForTheSystem) return;
        const media = new AtRule({ name: "media", params: "screen and (prefers-color-scheme: dark)" });
        media.isForTheSystem = true;
        const selectors = dark.map((selector) => selector.replace(SAYS_DARK, FOLLOWS_SYSTEM));
        media.append(rule.clone({ selectors }));
        rule.after(media);
      });
    },
  };
}
