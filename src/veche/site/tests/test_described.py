from markupsafe import Markup

from veche.site.described import described


def test_a_picture_gives_way_to_its_words_and_is_not_loaded():
    page = Markup(
        '<a href="/media/1/l.jpg"><img src="/media/1/m.jpg" alt="A &#34;pit&#34; &lt;b&gt;" width="9"></a>'
    )
    shown = '<a href="/media/1/l.jpg"><span class="described">A &#34;pit&#34; &lt;b&gt;</span></a>'
    assert described(page) == shown


def test_a_picture_that_says_nothing_goes():
    assert described(Markup('<p>a<img src="/media/1/s.jpg" alt="">b</p>')) == "<p>ab</p>"
