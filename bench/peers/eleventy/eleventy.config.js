import * as derive from "./derive.js";

const { index } = derive;

export default function (config) {
  config.setQuietMode(true);
  config.setNunjucksEnvironmentOptions({ trimBlocks: true, lstripBlocks: true, autoescape: true });
  config.addPassthroughCopy({ static: "static", attachments: "notices" });
  for (const name of ["prose", "chinese", "deadline", "span", "tel", "local", "label", "shares", "tallyWords", "wholeName", "firstIssues", "bucketOf", "numbered", "pagerLinks", "state", "describe"])
    config.addFilter(name, derive[name]);
  for (const name of ["site", "regions", "agencies", "tables", "kinds", "words", "states", "index", "view", "yearsOf", "topRegions", "regionsWithAgencies", "busy", "below", "monthsOf", "above"])
    config.addNunjucksGlobal(name, derive[name]);
  config.addCollection("notices", (api) => derive.makeIndex(api.getFilteredByGlob("src/notices/**/*.md")));
  config.addCollection("agencyIds", () => Object.keys(index.agencies));
  config.addCollection("regionCodes", () => Object.keys(index.regions));
  config.addCollection("yearPages", () => derive.yearPages());
  config.addCollection("monthPages", () => derive.monthPages());
  return { markdownTemplateEngine: false, htmlTemplateEngine: "njk", dir: { input: "src", output: "_site" } };
}
