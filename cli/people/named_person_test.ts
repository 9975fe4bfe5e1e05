import assert from "node:assert/strict";
import { namedPerson } from "./named_person.ts";

const PEOPLE = [
  "gentle.r0001/Amara",
  "gentle.r0002/Amara",
  "gentle.r0002/Jonas",
  "Rita",
  "Rita Maria",
  "Sam",
];

Deno.test("namedPerson() finds a seat however discussion and participant are separated, in any letter case", () => {
  for (
    const given of ["gentle.r0001/Amara", "gentle.r0001 Amara", "Gentle.r0001:amara", "gentle.r0001#Amara "]
  ) {
    assert.deepEqual(namedPerson(given, PEOPLE), {
      person: "gentle.r0001/Amara",
      isWhole: given === "gentle.r0001/Amara",
    });
  }
});

Deno.test("namedPerson() finds a person by the participant's name or a beginning that only one person has", () => {
  for (const given of ["Jonas", "jon", "gentle.r0002/J"]) {
    assert.deepEqual(namedPerson(given, PEOPLE), { person: "gentle.r0002/Jonas", isWhole: false });
  }
  assert.deepEqual(namedPerson("Rita", PEOPLE), { person: "Rita", isWhole: true });
});

Deno.test("namedPerson() does not choose among several people", () => {
  assert.deepEqual(namedPerson("Amara", PEOPLE), {
    candidates: ["gentle.r0001/Amara", "gentle.r0002/Amara"],
  });
  assert.deepEqual(namedPerson("gentle.r0002", PEOPLE), {
    candidates: ["gentle.r0002/Amara", "gentle.r0002/Jonas"],
  });
  for (const given of ["Nora", "", "/"]) assert.deepEqual(namedPerson(given, PEOPLE), { candidates: [] });
});
