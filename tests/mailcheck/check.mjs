// Reads mails named on the command line; prints what html-validate and caniemail find, as one JSON value a line.
import { readFile } from "node:fs/promises";
import { caniemail } from "caniemail";
import { HtmlValidate } from "html-validate";

const CLIENTS = ["gmail.*", "apple-mail.*", "outlook.*", "yahoo.*", "samsung-email.*", "thunderbird.macos"];

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // A mail's layout is tables with attributes and inline styles, as mail clients need it.
    "no-inline-style": "off",
    "no-deprecated-attr": "off",
    "attribute-boolean-style": "off",
    "no-trailing-whitespace": "off",
    "void-style": "off",
    "long-title": "off",
    "no-conditional-comment": "off",
    "no-implicit-button-type": "off",
    "attr-quotes": "off",
    "no-raw-characters": "off",
    "meta-refresh": "off",
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
