/** Where the sentence after an echoed value begins. */
const REASON =
  /( at "[^"]*")?; ((?:Expected value of|This is written|Value|(?:Int|Float|String|Boolean|ID|Enum "\w+") cannot) [\s\S]*)$/;

/**
 * What graphql-js says about a document or its variables, without the values: it echoes whole inputs, and an input may
 * hold a secret.
 */
export function documentMessage(message: string): string {
  const [head = "", echoed] = message.split(" got invalid value ", 2);
  const [, path = "", reason = "The value has another type."] = REASON.exec(echoed ?? "") ?? [];
  const said = echoed === undefined ? message : `${head}${path} is not valid: ${reason}`;
  return said
    .replace(/(?:, found|\. Found|\? Found): [\s\S]*$/, ".")
    .replace(/\bValue "[\s\S]*" does not exist in/, "This value does not exist in")
    .replace(/( cannot represent (?:a )?(?:non[- ][\w -]+ )?value)(?: |: )[\s\S]*$/, "$1.")
    .replace(/\b(String|BlockString) "[\s\S]*$/, "$1.");
}
