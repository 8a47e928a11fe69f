"""Why the operating system would not open or write a file, in Vietnamese: its own words are English."""

from __future__ import annotations

import errno

_WHY = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "tài khoản đang dùng không có quyền",
    errno.EPERM: "tài khoản đang dùng không có quyền",
    errno.EISDIR: "đó là một thư mục",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ELOOP: "đường dẫn vòng quanh chính nó",
}


def why(error: OSError) -> str:
    return _WHY.get(error.errno or 0, f"lỗi hệ thống số {error.errno}")
