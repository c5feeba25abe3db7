import { buildSchema, execute, GraphQLError, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { documentMessage } from "./document-message.ts";

const schema = buildSchema(`
  enum E { A }
  input I { id: String! count: Int on: Boolean e: E more: I }
  type Query { a(input: I!): Int }`);
const SECRET = 'S3CRET "; x';

async function saidAbout(input: unknown): Promise<string> {
  const document = parse("query ($input: I!) { a(input: $input) }");
  const result = await execute({ schema, document, variableValues: { input } });
  return "errors" in result ? documentMessage(result.errors?.[0]?.message ?? "") : "";
}

describe("documentMessage", () => {
  it.each([
    [{ id: SECRET, foo: 1 }, "unknown field"],
    [{ more: SECRET, id: SECRET }, "to be an object"],
    [{ count: 1, more: { id: SECRET } }, "required field"],
    [{ id: [SECRET] }, "non string value"],
    [{ id: SECRET, count: SECRET }, ".count"],
    [{ id: SECRET, on: SECRET }, "non boolean value"],
    [{ id: SECRET, e: SECRET }, "at .e"],
    [{ id: null, count: SECRET }, "$input"],
    [SECRET, "to be an object"],
  ])("says what is wrong with %j and not what it was", async (input, sentence) => {
    const said = await saidAbout(input);
    expect(said).toContain(sentence);
    expect(said).not.toContain("S3CRET");
  });

  it.each([
    [
      `Variable "$input" got invalid value { value: "S3CRET", x: 1 }; Expected value of type "I" not to include unknown field "x", found: { value: "S3CRET", x: 1 }.`,
      'unknown field "x"',
    ],
    [
      `Variable "$input" got invalid value "S3CRET" at "input.count"; Int cannot represent non-integer value: "S3CRET"`,
      'at "input.count"',
    ],
    [
      `Variable "$input" got invalid value "S3CRET" at "input.e"; Value "S3CRET" does not exist in "E" enum.`,
      'in "E" enum',
    ],
    [`Variable "$input" got invalid value "S3CRET"; something new about S3CRET`, "another type"],
  ])("reads the other executor's words too: %.40s", (message, sentence) => {
    expect(documentMessage(message)).toContain(sentence);
    expect(documentMessage(message)).not.toContain("S3CRET");
  });

  it.each([`{ a(input: "S3CRET" "S3CRET") }`, `{ a("S3CRET": 1) }`])("keeps strings of %s out", (text) => {
    const said = (() => {
      try {
        parse(text);
      } catch (error) {
        return documentMessage((error as GraphQLError).message);
      }
      return "";
    })();
    expect(said).toMatch(/^Syntax Error/);
    expect(said).not.toContain("S3CRET");
  });

  it("leaves everything else as it is", () => {
    const said = 'Cannot query field "x" on type "Query". Did you mean "a"?';
    expect(documentMessage(new GraphQLError(said).message)).toBe(said);
  });
});
