"""The labels of pages and the identifiers of the footer that a government site has, as far as `site.yaml` lacks them.

Source: 政府网站发展指引 (国办发〔2017〕47号), page labels and footer; standards.md.
"""

from collections.abc import Iterator

from gongshi.checks.place import warning
from gongshi.corpus import Corpus
from gongshi.problems import Problem


def look(corpus: Corpus) -> Iterator[Problem]:
    """Yield a warning for each thing that pages would print if it were there."""
    site = corpus.site
    for holder, key, name, use in (
        (site, "base_url", "网站网址 base_url", "网站地图和页面标签 SiteDomain 要用"),
        (site.footer, "site_code", "网站标识码 footer.site_code", "页脚和页面标签 SiteIDCode 要用"),
        (site.footer, "icp", "ICP备案号 footer.icp", "页脚要印"),
        (site.footer, "police", "公安备案号 footer.police", "页脚要印"),
        (site.footer, "report_error_url", "“我为政府网站找错”的网址 footer.report_error_url", "页脚要有链接"),
        (site.operator, "phone", "主办单位的电话 operator.phone", "页脚要印"),
        (site.operator, "address", "主办单位的地址 operator.address", "页脚要印"),
    ):
        if not getattr(holder, key):
            message = f"没有{name}；{use}，请补上（不是政府网站的不用管）"
            yield warning(site.path, holder, key, "missing-identifier", message)
