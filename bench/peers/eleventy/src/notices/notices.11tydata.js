export default { layout: "notice.njk", permalink: (data) => `/notices/${data.page.fileSlug}/`, section: "notices" };
