"""Lists of the state that the rules read. Loaded from campaigns/reference/, kept up to date in the admin."""

from django.db import models


class EthnicGroup(models.Model):
    code = models.CharField("mã (1979)", max_length=2, primary_key=True)
    name = models.CharField("tên", max_length=60)
    aliases = models.JSONField("tên gọi khác", default=list, blank=True)
    code_2008 = models.CharField("mã (2008)", max_length=2, blank=True)
    means_missing = models.BooleanField("nghĩa là không rõ", default=False)

    class Meta:
        verbose_name = "dân tộc"
        verbose_name_plural = "dân tộc"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class AmbiguousEthnicName(models.Model):
    name = models.CharField("tên gọi", max_length=60, primary_key=True)
    candidate_codes = models.JSONField("có thể là", default=list)
    default_code = models.CharField("đọc là", max_length=2, blank=True)
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "tên dân tộc nhiều nghĩa"
        verbose_name_plural = "tên dân tộc nhiều nghĩa"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """One category of Nghị định 20/2021/NĐ-CP and one rate condition."""

    code = models.CharField("mã", max_length=12, primary_key=True)
    category_code = models.CharField("mã loại", max_length=12)
    article = models.CharField("điều", max_length=4, blank=True)
    clause = models.CharField("khoản", max_length=4, blank=True)
    point = models.CharField("điểm", max_length=4, blank=True)
    label = models.TextField("tên")
    condition = models.TextField("điều kiện", blank=True)
    coefficient = models.DecimalField("hệ số", max_digits=3, decimal_places=1, null=True, blank=True)
    scheme = models.CharField("chế độ", max_length=10, choices=[("tro_cap", "trợ cấp"), ("cham_soc", "chăm sóc")])
    is_child_group = models.BooleanField("nhóm trẻ em", default=False)
    certain = models.BooleanField("đã đối chiếu", default=False)
    note = models.TextField("ghi chú", blank=True)
    aliases = models.JSONField("cách ghi khác", default=list, blank=True)
    age_from = models.PositiveSmallIntegerField("từ tuổi", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("đến dưới tuổi", null=True, blank=True)

    class Meta:
        verbose_name = "loại đối tượng"
        verbose_name_plural = "loại đối tượng"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class StandardLevel(models.Model):
    effective_from = models.DateField("từ ngày", primary_key=True)
    amount = models.PositiveIntegerField("mức chuẩn (đồng)")
    source = models.TextField("văn bản")
    certain = models.BooleanField("đã đối chiếu", default=False)

    class Meta:
        verbose_name = "mức chuẩn trợ giúp"
        verbose_name_plural = "mức chuẩn trợ giúp"
        ordering = ["effective_from"]

    def __str__(self) -> str:
        return f"{self.amount} từ {self.effective_from:%d/%m/%Y}"
