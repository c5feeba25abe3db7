import { expect, test } from "vitest";
import { invitationMail, noticesMail } from "./words.ts";

const link = "https://id.example.com/console/invite/ABC";
const expiresAt = new Date("2027-03-01T12:00:00Z");

test("a tenant's name with line breaks, links and bidirectional characters → one quoted piece of a sentence", () => {
  const tenant = "Acme\r\n\r\nhttps://evil.example/” \u202eoops";
  const { text, subject } = invitationMail({ tenant, link, expiresAt, rolesExpireAt: null });
  const [first] = text.split("\n\n");
  expect(first).toContain("“Acme https: / / evil. example/ ' oops”");
  expect(text.match(/https?:\/\//g)).toHaveLength(1);
  expect(subject).not.toContain("Acme");
  expect(text).toContain(`\n${link}\n`);
  expect(text).toContain("1 March 2027");
});

test("an invitation whose roles end → the mail says when, before the link", () => {
  const rolesExpireAt = new Date("2027-05-04T12:00:00Z");
  const { text } = invitationMail({ tenant: "Acme", link, expiresAt, rolesExpireAt });
  expect(text).toMatch(/What you may do there ends on 4 May 2027.*\n\nOpen this link/);
});

test("a notice about a client whose name holds lines and links → one line for it, and the only link is the console's", () => {
  const about = {
    tenant: "acme",
    workspace: "payments",
    client: { id: "cli_1", clientId: "x", name: "Bill\r\n\r\nhttps://evil.example/" },
    credential: { id: "sec_1", kind: "client_secret", name: "next", hint: "q7Xc" },
    endsAt: "2027-03-01T12:00:00.000Z",
    daysBefore: 7,
  } as const;
  const { subject, text } = noticesMail([about], "https://id.example.com");
  expect(subject).toBe("A credential ends soon");
  expect(text).toContain(
    "Client secret “next” (…q7Xc) of “Bill https: / / evil. example/”, workspace payments, ends on 1 March 2027",
  );
  expect(text.match(/https?:\/\//g)).toHaveLength(1);
  expect(text).toContain("\nhttps://id.example.com/console/t/acme/w/payments/clients/cli_1/credentials\n");
  expect(noticesMail([about, { ...about, client: null, daysBefore: 0 }], "https://id.example.com")).toMatchObject({
    subject: "2 credentials end soon",
    text: expect.stringContaining("Personal token “next” (…q7Xc) ended on 1 March 2027"),
  });
});
