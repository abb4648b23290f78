// Reads mails named on the command line; prints what html-validate and caniemail find, as one JSON value a line.
import { readFile } from "node:fs/promises";
import { caniemail, rawData } from "caniemail";
import { HtmlValidate } from "html-validate";

const CLIENTS = ["gmail.*", "apple-mail.*", "outlook.*", "yahoo.*", "samsung-email.*", "thunderbird.*"];

// Most features were tried in one build of Thunderbird only, and caniemail throws at a client without a value. Both
// builds are of one engine, so what is known of one stands for the other.
for (const { stats } of rawData.data) {
  const { macos, windows } = stats.thunderbird ?? {};
  stats.thunderbird = { macos: macos ?? windows, windows: windows ?? macos };
}

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    // What a page should not have and a mail must: styles on elements, tables with attributes for its layout,
    // comments that Outlook reads. A tbody to every such table would be bytes without a use.
    "no-inline-style": "off",
    "no-deprecated-attr": "off",
    "no-conditional-comment": "off",
    "prefer-tbody": "off",
    // For search engines: a mail's title is its subject.
    "long-title": "off",
  },
});

function said(issues) {
  const found = new Map();
  for (const [client, list] of issues) {
    for (const { title } of list) found.set(title, [...new Set([...(found.get(title) ?? []), client])].sort());
  }
  return Object.fromEntries([...found].sort());
}

for (const file of process.argv.slice(2)) {
  const html = await readFile(file, "utf8");
  const report = await validator.validateString(html, file);
  const markup = report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${message} (${ruleId})`),
  );
  const base = html.replace(/<style>[^]*?<\/style>/g, "");
  const { issues } = await caniemail({ clients: CLIENTS, html: base });
  const whole = await caniemail({ clients: CLIENTS, html });
  console.log(JSON.stringify({ file, markup, base: said(issues.errors), whole: said(whole.issues.errors) }));
}
