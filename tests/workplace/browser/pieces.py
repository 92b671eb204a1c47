"""A page with every piece that pages are put together from, for tests alone."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from workplace.urls import urlpatterns as real_addresses

PAGE = """{% extends "web/page.html" %}{% load page %}
{% block title %}各种部件{% endblock %}
{% block heading %}二〇二三年第四季度学习活动报送{% endblock %}
{% block breadcrumbs %}<nav aria-label="位置"><ol class="breadcrumb"><li><a href="/">我的工作台</a></li><li aria-current="page">报送</li></ol></nav>{% endblock %}
{% block actions %}<a class="btn" href="#">{% icon "download" %}下载工作簿</a>{% endblock %}
{% block content %}
<p class="lead">青石镇 · 应于 2023-12-31 前报送 · 约 12 分钟</p>
<div class="numbers"><div class="number"><strong>80</strong><span>应报单位</span></div><div class="number"><strong>61</strong><span>已报</span></div><div class="number"><strong>3</strong><span>逾期</span></div></div>
<section class="card"><h2>状态</h2>
<p>{% state "green" "已采用" %} {% state "yellow" "即将到期" %} {% state "red" "逾期 3 天" %} {% state "blue" "已报送" %} {% state "grey" "未开始" %}</p>
<progress value="61" max="80" aria-label="报送进度">61 / 80</progress></section>
<div class="note">{% icon "info" %}<p>本页不得上传涉密内容。</p></div>
<div class="note note-yellow">{% icon "warning" %}<p>有两处疑点需要说明。</p></div>
<table class="table table-cards"><caption>记录</caption>
<thead><tr><th>记录编号</th><th>发生日期</th><th>主题</th><th class="is-number">参加人次</th><th>状态</th></tr></thead>
<tbody>{% for row in rows %}<tr><th data-label="记录编号"><a href="#">XX-{{ row }}</a></th><td data-label="发生日期">2023-10-{{ row }}</td><td data-label="主题">学习贯彻年度工作方案，研究部署下一阶段任务</td><td class="is-number" data-label="参加人次">{{ row }}</td><td data-label="状态">{% state "blue" "已报送" %}</td></tr>{% endfor %}</tbody></table>
{% include "web/_pages.html" %}
<ul class="tabs"><li><a href="#" aria-current="page">记录</a></li><li><a href="#">疑点</a></li><li><a href="#">佐证</a></li></ul>
<ol class="stages"><li class="is-done">填报人已报送</li><li aria-current="step">等待单位负责人签字</li><li>县级验收</li></ol>
<details class="fold"><summary>改动</summary><p><span class="was">12</span> <span class="became">15</span></p></details>
<form method="post" class="card narrow">{% csrf_token %}{% include "web/_form.html" %}
<div class="drop-zone">{% icon "upload" %}<p>把工作簿拖到这里，或者</p><input type="file" aria-label="选择文件"></div>
<div class="action-bar"><button class="btn btn-primary">{% icon "send" %}报送</button><button class="btn">保存草稿</button></div></form>
<div class="btn-row"><button class="btn btn-danger" type="button" data-opens="sure">{% icon "trash" %}删除</button><button class="btn" disabled>不可用</button><a class="btn btn-quiet" href="#">取消</a></div>
<dialog id="sure" aria-labelledby="sure-title"><h2 id="sure-title">删除这条记录？</h2><p>删除后留有记录，可以查到。</p><div class="btn-row"><button class="btn btn-danger" type="button" data-closes>删除</button><button class="btn" type="button" data-closes>取消</button></div></dialog>
<form method="post" action="/pieces/" data-ask="要提醒全部 19 个未报单位吗？" id="remind" data-again><button class="btn">{% icon "bell" %}一键提醒</button>{% csrf_token %}</form>
{% endblock %}"""  # noqa: E501


class Session(forms.Form):
    """One field of each kind."""

    topic = forms.CharField(label="主题", help_text="与会议记录一致。")
    kind = forms.ChoiceField(label="类别", choices=[("a", "中心组学习"), ("b", "专题讲座")])
    held_on = forms.DateField(label="发生日期", widget=forms.DateInput(attrs={"type": "date"}))
    heads = forms.IntegerField(label="参加人次", required=False)
    how = forms.ChoiceField(
        label="形式", choices=[("1", "线下"), ("2", "线上")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)
    is_open = forms.BooleanField(label="对外公开", required=False)


def pieces(request: HttpRequest) -> HttpResponse:
    """All of them; after a POST with what was posted."""
    form = Session(request.POST or None)
    if request.method == "POST":
        messages.success(request, f"收到：{sorted(set(request.POST) - {'csrfmiddlewaretoken'})}")
    rows = Paginator(range(10, 40), 3)
    context = {"form": form, "rows": rows.page(2), "page": rows.page(2)}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("pieces/", pieces), *real_addresses]
