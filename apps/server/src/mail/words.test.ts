import { expect, test } from "vitest";
import { invitationMail } from "./words.ts";

const link = "https://id.example.com/console/invite/ABC";
const expiresAt = new Date("2027-03-01T12:00:00Z");

test("a tenant's name with line breaks, links and bidirectional characters → one quoted piece of a sentence", () => {
  const { text, subject } = invitationMail("Acme\r\n\r\nhttps://evil.example/” \u202eoops", link, expiresAt);
  const [first] = text.split("\n\n");
  expect(first).toContain("“Acme https: / / evil. example/ ' oops”");
  expect(text.match(/https?:\/\//g)).toHaveLength(1);
  expect(subject).not.toContain("Acme");
  expect(text).toContain(`\n${link}\n`);
  expect(text).toContain("1 March 2027");
});
