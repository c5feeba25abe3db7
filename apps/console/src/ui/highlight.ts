/** The five kinds of ink a code block knows. */
export type Ink = "plain" | "key" | "string" | "number" | "comment";
export type Language = "shell" | "node" | "python" | "go" | "env" | "json" | "text";

export interface Token {
  readonly ink: Ink;
  readonly text: string;
}

const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/;
const NUMBER = /\b\d+(?:\.\d+)?\b/;

function rules(comment: RegExp | null, key: RegExp, strings: RegExp = STRING): RegExp {
  const parts = [comment && `(?<comment>${comment.source})`, `(?<string>${strings.source})`, `(?<key>${key.source})`];
  return new RegExp([...parts, `(?<number>${NUMBER.source})`].filter(Boolean).join("|"), "gm");
}

const words = (text: string): RegExp => new RegExp(`\\b(?:${text.split(" ").join("|")})\\b`);

const RULES: Readonly<Record<Exclude<Language, "text">, RegExp>> = {
  shell: rules(/(?<=^|\s)#.*$/, /(?<=^\s*)(?:curl|export|unset|read|jq|echo)\b|(?<=^\s*)[A-Z][A-Z0-9_]*(?==)/),
  node: rules(
    /\/\/.*$/,
    words("import from const let await async new return if throw function export true false null"),
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/,
  ),
  python: rules(/#.*$/, words("import from as def return if else raise with for in print True False None")),
  go: rules(
    /\/\/.*$/,
    words("package import func return if err var const type struct defer nil range for"),
    /"(?:[^"\\\n]|\\.)*"|`[^`]*`/,
  ),
  env: rules(/^\s*#.*$/, /^[A-Z][A-Z0-9_]*(?==)/, /(?<==).+$/),
  json: rules(null, /"(?:[^"\\\n]|\\.)*"(?=\s*:)|\b(?:true|false|null)\b/, /"(?:[^"\\\n]|\\.)*"(?!\s*:)/),
};

const INKS = ["comment", "string", "key", "number"] as const;

/** Cuts code into inked pieces; joined again they are the code, character for character. */
export function highlight(code: string, language: Language): readonly Token[] {
  if (language === "text") return [{ ink: "plain", text: code }];
  const tokens: Token[] = [];
  let end = 0;
  for (const match of code.matchAll(RULES[language])) {
    if (match.index > end) tokens.push({ ink: "plain", text: code.slice(end, match.index) });
    tokens.push({ ink: INKS.find((ink) => match.groups?.[ink] !== undefined) ?? "plain", text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) tokens.push({ ink: "plain", text: code.slice(end) });
  return tokens;
}

/** What stands on the screen instead of a secret: its prefix and twelve dots, whatever its length. */
export function maskOf(secret: string): string {
  const prefix = /^[a-z]{2,4}_/.exec(secret)?.[0] ?? "";
  return `${prefix}${"•".repeat(12)}`;
}

/** The code as shown: every occurrence of the secret replaced by its mask. */
export const masked = (code: string, secret: string | undefined): string =>
  secret ? code.replaceAll(secret, maskOf(secret)) : code;

/** The way back, for a selection that is copied by hand. */
export const unmasked = (shown: string, secret: string): string => shown.replaceAll(maskOf(secret), secret);
