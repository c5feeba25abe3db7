import { expect, test } from "vitest";
import { eventReader } from "./event-stream.ts";

const text =
  ': a comment\n\nevent: next\ndata: {"a":1}\n\nevent: next\r\ndata: one\r\ndata: two\r\n\r\nevent: complete\n\ndata\n\n';
const events = [
  { event: "next", data: '{"a":1}' },
  { event: "next", data: "one\ntwo" },
  { event: "message", data: "" },
];

test("a whole stream → its events; comments and what has no data are none", () => {
  expect(eventReader()(text)).toEqual(events);
});

test("in pieces of any size → the same events", () => {
  for (let size = 1; size < text.length; size++) {
    const read = eventReader();
    const found = [];
    for (let at = 0; at < text.length; at += size) found.push(...read(text.slice(at, at + size)));
    expect(found).toEqual(events);
  }
});

test("what is not whole yet → no event", () => {
  expect(eventReader()("data: half")).toEqual([]);
});
