import type { CodeTab } from "../../ui/code-block.tsx";

/** Standard Webhooks has libraries for most languages; this one needs none. */
export const snippetsOf = (secret: string): readonly CodeTab[] => [
  {
    id: "node",
    label: "Node.js",
    language: "node",
    code: `import { createHmac, timingSafeEqual } from "node:crypto";

const secret = "${secret}";
const key = Buffer.from(secret.slice("whsec_".length), "base64");

/** Whether a message is from Mintmark: \`body\` is its text as it came. Drop an id that came before. */
export function isGenuine(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures } = headers;
  if (Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const wanted = createHmac("sha256", key).update(\`\${id}.\${at}.\${body}\`).digest();
  return signatures.split(" ").some((one) => {
    const given = Buffer.from(one.replace("v1,", ""), "base64");
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
`,
  },
];
