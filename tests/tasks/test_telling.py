"""What only tells: facts, sizes, prices, past years and days that say which ones are meant are no limits and no targets."""

import pytest

from tasks.extraction import read_plan
from tasks.extraction.deeds import says_deed
from tasks.language.phrase import read_phrase

YEAR = 2022
FACTS = [
    "2021年全市共评选道德模范32名", "2020年度获评省级文明村镇12个", "截至目前累计发展志愿者3.2万名", "全区现有注册志愿者12万人", "辖区总面积86平方公里",
    "下辖9个街道、3个镇", "常住人口63.2万人", "占地面积120亩", "项目总投资2.3亿元", "全长6.8公里", "距市中心12公里", "处五十元以上二百元以下罚款",
    "2021年12月印发", "2018年6月成立", "始建于1998年", "2022年1月1日起施行", "2021年测评得分89.6分", "今年前两个月完成投资5亿元", "上年度考核优秀率15%",
    "每发现一处扣0.5分", "满分100分", "权重占30%", "总分前三名奖励5万元", "月租金1200元", "人均收入4.2万元", "7×24小时值班", "全年无休", "年底往往最忙",
    "限高2.2米", "约200人参加会议", "今年以来受理投诉218件", "出生于1962年6月30日前的人员", "2008年12月31日前建成的住宅", "成文日期：2022年3月8日",
    "今年一季度税收同比增长了4.2%", "上午9时30分", "每人每月补助300元",
]  # fmt: skip
PROMISES = [
    ("完成绿化面积143.4公顷", 143.4), ("建筑面积达到3万平方米", 30_000), ("满意率较去年提高3个百分点", 3), ("在去年基础上新增泊位500个", 500),
    ("2022年改造老旧小区18个", 18), ("力争全年空气优良天数达到265天以上", 265), ("2023年底前建成公园3处", 3), ("每月补助困难家庭不少于30户", None),
]  # fmt: skip
DEEDS = [
    "对城区46条背街小巷逐条建立台账", "持续推动社区议事厅建设", "要加快智慧城市建设", "并在公众号上线运行", "常态化开展夜间巡查", "把创建经费纳入预算",
    "在早晚高峰增派警力", "重点路口实行一岗双警", "督查结果纳入年度考核", "排名后三位的要向区委作出书面说明", "此后定期更换展板",
]  # fmt: skip
NO_DEEDS = [
    "谁的地盘谁负责", "创文没有旁观者", "环境是城市的脸面", "有的单位至今没有动静", "宣传氛围不够", "整改力度不够", "该曝光的曝光", "文明创建永远在路上",
    "创建为了人民", "问题还比较突出", "关键看行动", "用于更新破旧设施",
]  # fmt: skip


@pytest.mark.parametrize("text", FACTS)
def test_a_fact_is_no_promise(text):
    said = read_phrase(text, year=YEAR).as_dict()
    assert (said["kind"], said["due_date"], said["recurrence"], said["targets"]) == ("none", None, None, [])


@pytest.mark.parametrize(("text", "value"), PROMISES)
def test_a_promise_beside_facts_stays_one(text, value):
    said = read_phrase(text, year=YEAR).as_dict()
    assert [target["value"] for target in said["targets"]] == ([value] if value else []) or said["recurrence"]
    assert said["kind"] != "none"


@pytest.mark.parametrize("words", DEEDS)
def test_a_clause_says_a_deed(words):
    assert says_deed(words)


@pytest.mark.parametrize("words", NO_DEEDS)
def test_what_describes_or_exhorts_is_no_deed(words):
    assert not says_deed(words)


def sentences(text):
    return [row.sentence for row in read_plan(f"讲话稿\n\n同志们:\n\n{text}", year=YEAR).rows]


def test_telling_goes_on_until_somebody_is_to_act():
    """Figures of last year stay figures through the sentences after, up to the one that names a unit."""
    told = "去年，全区上下拼搏进取。拆除违建3.2万平方米，改造小区21个，满意率达到93%。区城管局要新建公厕8座，改造公厕12座。"
    assert sentences(told) == ["区城管局要新建公厕8座", "改造公厕12座"]


def test_a_problem_is_no_task_and_its_measures_are():
    text = "问题1：桶站满溢，绿地裸露600平方米。\n整改措施：清理积存垃圾；补植绿地600平方米。\n责任单位：柳荫社区\n整改时限：4月20日前"
    assert sentences(text) == ["清理积存垃圾", "补植绿地600平方米"]


def test_problem_and_measures_may_share_a_line():
    assert sentences("问题：垃圾桶满溢。整改措施：更换垃圾桶40个。责任单位：区环卫中心。") == ["更换垃圾桶40个"]


def test_units_with_roles_stand_side_by_side():
    (row,) = read_plan("同志们:\n\n由区城管局牵头、区环卫中心和各街道配合，9月底前改造公厕20座。", year=YEAR).rows
    assert (row.lead_units, row.support_units) == (("区城管局",), ("区环卫中心", "各街道"))
