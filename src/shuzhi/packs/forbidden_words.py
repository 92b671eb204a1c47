"""Words for what Shuzhi does not count: what people think, and what third parties publish.

Each word has beside it the ordinary words that merely contain it. A new list of words for the
forbidden thing is always possible; the lists make it a decision that somebody has to take.
"""

import re
import unicodedata
from typing import NamedTuple


class Forbidden(NamedTuple):
    """Words with the reason why they are refused. `words` are tried on text with spaces between
    words, `signs` on text without any."""

    reason: str
    words: re.Pattern[str]
    signs: re.Pattern[str]


_OFFICIAL = "(上级|中央|国家|省|市|县|区|乡|镇|街道|党委|政府|部门|有关|相关|重要|的)*"
FORBIDDEN = (
    Forbidden(
        "Shuzhi counts what units did, never what people think",
        re.compile(
            r"attitude|opinion|sentiment|ideolog|\b(beliefs?|believ(er|e)s?|faiths|creeds?"
            r"|religi(on|ous)( belief)?s?(?! (site|venue|building))|stances?|standpoints?|moods?"
            r"|emotions?|feelings?|viewpoints?|views|mindsets?|state of mind"
            r"|satisfaction|(dis)?satisfied (people|residents?|users?)|(people|residents?|users?)"
            r" (dis)?satisfied|approval (rating|rate)s?|loyalty|leanings?|public (mood|reaction)s?"
            r"|(political|ideological|sexual) (leaning|orientation|inclination|tendency|affiliation"
            r"|status|stand|belief)s?|thoughts)\b"
        ),
        re.compile(
            r"(?<!服务)态度|態度|(?<![独设成建创对确])立场(?![地所馆景合])|(?<![参景外])[观觀][点點]"
            r"|(?<![查察])看法(?![律规治院庭])|民意(?![外识])|言论|言論|(?<!代)表态(?!发言)|情绪|情緒"
            r"|情感|信仰|信教(?![育学师材练])|教徒|宗教(?!活动场所|场所|事务)|意识形态|意識形態|(?<!核心)价值观"
            r"|(个人|群众|网民|公众)意见|(?<!苗头性)(?<!苗头)倾向(?!性问题)|傾向|性取向|(?<!中)心态(?!势)|满意|滿意"
            r"|好评(?![选比审定估议])|差评|口碑|支持率|认同(度|率|感)|忠诚度|思想(动态|動態|状况|表现|认识|波动|汇报)"
            r"|政治(表现|面貌)"
        ),
    ),
    Forbidden(
        "Shuzhi does not follow what third parties publish or how they answer",
        re.compile(
            r"repost|retweet|netizen|\b(re (post|tweet)(s|ed|ing)?|likes|liked|(up|down) ?votes?"
            r"|thumbs up|(like|share|fan|follower|comment) (count|number|rate)s?|^shares$"
            r"|(number|count)s? of (likes|shares|fans)|comments|followers?|hashtags?|trolls?"
            r"|influencers?|(user|reader|public|online|forum|visitor|resident) comment"
            r"|social media (post|account)s?|trending|(user|public|online|forum|weibo|blog"
            r"|third part(y|ies)) posts?)\b"
        ),
        re.compile(
            r"舆情|輿情|舆论|輿論|网民|網民|网友|網友|跟帖|跟评(?![估价审])|帖文|帖子|网帖|发帖|热帖|热搜|热评(?![估价审])|话题榜"
            r"|弹幕|点赞|點讚|获赞|赞数|转评赞|转赞评|粉丝|粉絲|涨粉|吸粉|关注(者|数|量|人数)|吐槽|控评(?![估价审])|水军"
            r"|网评(?![估价审选比定])|(网络|网上|在线|读者|用户)评论|转载量|转载数|负面(信息|言论|评价|情绪|舆)"
            rf"|转发(?!{_OFFICIAL}(文件|通知|公文|通报|意见|要求|文号))|轉發|评论(?!员)|評論(?!員)"
        ),
    ),
)


def find_forbidden(text: str) -> tuple[str, str] | None:
    """The reason and the word, where the text has a forbidden one.

    Letters count as letters whatever their width or case; spaces, marks and invisible characters
    between Chinese signs hide no word.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = re.sub(r"[\W_]+", " ", "".join(c for c in plain if unicodedata.category(c) != "Cf"))
    signs = words.replace(" ", "")
    for forbidden in FORBIDDEN:
        match = forbidden.words.search(words) or forbidden.signs.search(signs)
        if match:
            return forbidden.reason, match[0]
    return None
